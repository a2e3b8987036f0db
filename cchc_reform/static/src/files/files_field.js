import {
    Many2ManyBinaryField,
    many2ManyBinaryField,
} from "@web/views/fields/many2many_binary/many2many_binary_field";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

/**
 * Files of an entry, on a phone also as photos: a file input that takes images only
 * makes the phone offer its camera beside its pictures.
 */
export class FilesField extends Many2ManyBinaryField {
    static template = "cchc_reform.FilesField";

    get photoText() {
        return _t("Photo");
    }
}

export const filesField = {
    ...many2ManyBinaryField,
    component: FilesField,
    displayName: _t("Files and Photos"),
};

registry.category("fields").add("cchc_files", filesField);
