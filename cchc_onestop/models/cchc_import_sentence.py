from odoo import api, models

from ..tools.dossier_import_row import HEADINGS


class CchcImportSentence(models.AbstractModel):
    """Words what is wrong with files that people send: one sentence, with its cure.

    The readers in ``tools/`` only name a problem by its key, so that it can be worded
    in the language of whoever sent the file.
    """

    _name = "cchc.import.sentence"
    _description = "Sentences about Imported Files"

    @api.model
    def _of_error(self, error):
        """Return the sentence for a ``CatalogueError``, of a whole file or of a row."""
        return {**self._whole_file(error), **self._rows(error)}[error.key]()

    @api.model
    def _of_cell(self, problem, number, headings=HEADINGS, words=None):
        """Return what is wrong with a cell of a list, and how to mend it.

        :param problem: see :class:`~..tools.dossier_import_row.Problem`
        :param int number: number of the row in the file
        :param dict headings: headings by column; those of the list of dossiers
        :param dict words: ``{key: wording}`` of the list's own problems
        """
        words = {**self._cells(problem.other), **(words or {})}
        said = {
            "row": number,
            "column": headings[problem.column],
            "problem": words[problem.key](),
        }
        if problem.value == "":
            return self.env._("Row %(row)s, column “%(column)s” %(problem)s.", **said)
        return self.env._(
            "Row %(row)s, column “%(column)s”: “%(value)s” %(problem)s.",
            value=problem.value,
            **said,
        )

    @api.model
    def _whole_file(self, error):
        """Return ``{key: wording}`` of what keeps a whole file from being read."""
        env, params = self.env, error.params
        text = params.get("text", "")
        return {
            "json": lambda: env._("The file is not valid JSON: %s.", text),
            "json_empty": lambda: env._(
                "The file holds no list of procedures as LayThuTuc gives it."
            ),
            "json_no_dossiers": lambda: env._(
                "The file holds no list of dossiers as DongBoHoSoMC gives it."
            ),
            "json_record": lambda: env._(
                "Record %s is no object with named values; correct the file.", text
            ),
            "xlsx": lambda: env._(
                "The file cannot be read as an Excel workbook; open it, save it again "
                "as .xlsx and import that."
            ),
            "headings": lambda: env._(
                "No sheet has the headings Mã TTHC and Tên TTHC in its first rows; use "
                "the layout of the published list."
            ),
            "table": lambda: env._(
                "No sheet has the headings Tên TTHC and Thời gian sau cắt giảm in its "
                "first rows; use the layout of the decision's table."
            ),
            "template": lambda: env._(
                "No sheet has the headings %s in its first rows; use the template.",
                "Mã hồ sơ, Mã TTHC, Chủ hồ sơ, Ngày tiếp nhận, Trạng thái",
            ),
            "empty": lambda: env._("The list has headings but no rows."),
            "no_dossiers": lambda: env._("The list has no dossiers."),
            "bomb": lambda: env._(
                "The workbook unpacks to far more than such a list needs; save only "
                "the list in a new workbook."
            ),
            "doctype": lambda: env._(
                "The workbook holds a document type, which no spreadsheet program "
                "writes; save it again as .xlsx."
            ),
            "too_big": lambda: env._(
                "The file is larger than %s MB; import it in parts.",
                params.get("size"),
            ),
            "too_many": lambda: env._(
                "The list has more than %s rows; import it in parts.",
                params.get("count"),
            ),
            "zip": lambda: env._(
                "The archive of files cannot be read; pack it again as .zip."
            ),
            "zip_bomb": lambda: env._(
                "The archive unpacks to far more than documents need; pack only the "
                "files of the dossiers."
            ),
            "zip_slip": lambda: env._(
                "The archive holds “%s”, which leads out of it; pack it again.", text
            ),
            "zip_encrypted": lambda: env._(
                "“%s” in the archive has a password; pack it again without one.", text
            ),
        }

    @api.model
    def _rows(self, error):
        """Return ``{key: wording}`` of what is wrong with a row of a list."""
        env, params = self.env, error.params
        text = params.get("text", "")
        return {
            "code_missing": lambda: env._(
                "The code is missing; fill in the column Mã TTHC."
            ),
            "code_pattern": lambda: env._(
                "The code %s is not of the form d.dddddd, e.g. 1.001193; correct it.",
                text,
            ),
            "name_missing": lambda: env._(
                "The name is missing; fill in the column Tên TTHC."
            ),
            "sector_missing": lambda: env._(
                "The field is missing for a new procedure; fill in the column Lĩnh vực."
            ),
            "duplicate": lambda: env._(
                "The procedure %(code)s is already in row %(row)s; keep one of them.",
                code=text,
                row=params.get("number"),
            ),
            "number": lambda: env._("%s is not a usable number; correct it.", text),
            "date": lambda: env._("%s is not a date; write it as dd/mm/yyyy.", text),
            "time_zero": lambda: env._(
                'The time "%s" is zero; write the time or leave the cell empty.', text
            ),
            "time_fraction": lambda: env._(
                'The time "%s" is part of a month; write it in days.', text
            ),
            "time_unit": lambda: env._(
                'The time "%s" names no unit; add ngày làm việc, ngày, giờ or tháng.',
                text,
            ),
            "unit": lambda: env._(
                "The unit %s is not known; use ngày làm việc, ngày, giờ or tháng.", text
            ),
            "channel": lambda: env._(
                'The channel "%s" is not known; use 1 (desk), 2 (online) or 3 (post).',
                text,
            ),
            "fee": lambda: env._(
                "The amount %s is not a usable number; correct it.", text
            ),
            "document_name": lambda: env._(
                "The part %s has no name (TENGIAYTO); add it.", text
            ),
            "formula": lambda: env._(
                "The cell %s holds a formula; paste its value instead.", text
            ),
            "error_cell": lambda: env._(
                "The cell %s holds an error value; correct it.", text
            ),
            "repeal_unknown": lambda: env._(
                "The procedure to be repealed is not in the catalogue; remove the row."
            ),
            "replaced_unknown": lambda: env._(
                "The procedure %s named in the remark on replacement is neither in the "
                "catalogue nor in this file; correct the code.",
                text,
            ),
            "replaced_self": lambda: env._(
                "The procedure %s cannot replace itself; correct the code.", text
            ),
            "json_object": lambda: env._(
                "%s must be an object with named values.", text
            ),
            "json_list": lambda: env._("%s must be a list of objects.", text),
            "json_text": lambda: env._("%s must be a text.", text),
        }

    @api.model
    def _cells(self, other):
        """Return ``{key: wording}`` of what is wrong with a cell of a dossier.

        :param str other: what else the wording names
        """
        env = self.env
        return {
            "missing": lambda: env._("is empty; fill it in"),
            "text": lambda: env._("is no text; write a text"),
            "too_long": lambda: env._(
                "is longer than %s characters; shorten it", other
            ),
            "formula": lambda: env._("holds a formula; paste its value instead"),
            "error_cell": lambda: env._("holds an error of Excel; correct it"),
            "code": lambda: env._(
                "is no code of a dossier; use letters, digits and . - / _ only, 3 to "
                "64 of them"
            ),
            "procedure": lambda: env._(
                "is no code of a procedure; write e.g. 1.001193"
            ),
            "unknown_state": lambda: env._("is no status; use one of: %s", other),
            "unknown_channel": lambda: env._("is no channel; use one of: %s", other),
            "unknown_kind": lambda: env._("is no kind of owner; use one of: %s", other),
            "not_accepted": lambda: env._(
                "says that the dossier was never accepted; leave the row out"
            ),
            "identity": lambda: env._(
                "has %s digits; a personal number has 12, an old card 9, a tax code 10 "
                "or 13",
                other,
            ),
            "email": lambda: env._(
                "is no e-mail address; correct it or empty the cell"
            ),
            "fee": lambda: env._("is no amount; write the đồng as a number"),
            "many_files": lambda: env._(
                "names more than %s files; take some out", other
            ),
            "date": lambda: env._(
                "is no date; write it as dd/mm/yyyy or dd/mm/yyyy HH:MM"
            ),
            "open_but_ended": lambda: env._(
                "has a date, but the status says that the dossier is open; correct one "
                "of them"
            ),
            "end_missing": lambda: env._(
                "is empty, but the status is “%s”; write when it ended", other
            ),
            "done_but_returned": lambda: env._(
                "has a date, but the status says that the result waits; write status "
                "10 or empty the cell"
            ),
            "earlier": lambda: env._("lies before “%s”; correct one of them", other),
            "future": lambda: env._("lies in the future; correct it"),
            "duplicate": lambda: env._("stands in row %s as well; keep one", other),
            "no_procedure": lambda: env._(
                "is no procedure of the catalogue; correct it, or say in the table of "
                "codes which procedure it is"
            ),
            "taken": lambda: env._(
                "is the code of a dossier that was not imported from this list; check "
                "the code"
            ),
            "fixed": lambda: env._(
                "cannot be changed by an import; it was %s", other or "∅"
            ),
            "touched": lambda: env._(
                "has been worked on here since it was imported; enter here what "
                "happened to it, and leave the row out"
            ),
            "backwards": lambda: env._(
                "is no way on from “%s”, the status here; correct it", other
            ),
            "no_archive": lambda: env._(
                "names a file, but there is no archive; add the .zip or tick “Without "
                "Files”"
            ),
            "file_missing": lambda: env._("is not in the archive; add the file"),
            "file_double": lambda: env._(
                "is in the archive more than once; write it with its folder"
            ),
            "file_too_big": lambda: env._("is larger than 25 MB; make it smaller"),
            "file_broken": lambda: env._("is damaged in the archive; pack it again"),
        }
