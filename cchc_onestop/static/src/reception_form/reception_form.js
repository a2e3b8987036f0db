import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {FormController} from "@web/views/form/form_controller";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {formView} from "@web/views/form/form_view";
import {onMounted} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";

/** What the desk types; the parts are kept as the names of those ticked. */
const KEPT = [
    "procedure_id",
    "case_id",
    "channel",
    "applicant_kind",
    "applicant_identity_type",
    "applicant_identity",
    "applicant_name",
    "applicant_birth_date",
    "applicant_sex",
    "applicant_address",
    "applicant_phone",
    "applicant_email",
    "summary",
    "result_channel",
    "note",
];

/**
 * Reception form that survives a broken line.
 *
 * Whatever is typed into a reception that the server does not have yet is kept in the
 * browser. When the form is opened again, after a crash or a lost connection, the desk
 * is asked whether to go on with it. The key of the form (`draft_token`) is kept too,
 * so a reception that did reach the server is not entered a second time.
 */
export class ReceptionFormController extends FormController {
    setup() {
        super.setup();
        this.keptKey = `cchc_reception_${user.userId}`;
        onMounted(() => this.offerKept());
    }

    get modelParams() {
        const params = super.modelParams;
        params.hooks.onRecordChanged = (record) => this.keep(record);
        return params;
    }

    keep(record) {
        if (record.id !== this.model.root.id || !record.isNew) {
            return;
        }
        const values = {};
        for (const name of KEPT) {
            const value = record.data[name];
            if (value) {
                values[name] = value.isLuxonDateTime ? value.toISODate() : value;
            }
        }
        const received = record.data.document_ids.records
            .filter((part) => part.data.received)
            .map((part) => part.data.name);
        browser.localStorage.setItem(
            this.keptKey,
            JSON.stringify({token: record.data.draft_token, values, received})
        );
    }

    async onRecordSaved(record, changes) {
        await super.onRecordSaved(record, changes);
        if (record.id === this.model.root.id) {
            browser.localStorage.removeItem(this.keptKey);
        }
    }

    async discard() {
        browser.localStorage.removeItem(this.keptKey);
        return super.discard(...arguments);
    }

    async beforeExecuteActionButton(clickParams) {
        if (clickParams.name !== "preview_receipt") {
            return super.beforeExecuteActionButton(...arguments);
        }
        await this.previewReceipt();
        return false;
    }

    /** Show the receipt of what is typed in a page of its own; nothing is saved. */
    async previewReceipt() {
        const root = this.model.root;
        // Opened by the click itself: later the browser would take it for an advert.
        const page = browser.open("", "_blank");
        try {
            const content = await this.orm.call("cchc.dossier", "preview_receipt", [
                root.resId ? [root.resId] : [],
                await root.getChanges(),
            ]);
            const bytes = Uint8Array.from(atob(content), (char) => char.charCodeAt(0));
            const file = new Blob([bytes], {type: "application/pdf"});
            page.location = URL.createObjectURL(file);
        } catch (error) {
            page.close();
            throw error;
        }
    }

    offerKept() {
        const text = browser.localStorage.getItem(this.keptKey);
        if (!text || !this.model.root.isNew) {
            return;
        }
        const kept = JSON.parse(text);
        if (!kept.values.procedure_id && !kept.values.applicant_name) {
            return;
        }
        this.dialogService.add(ConfirmationDialog, {
            title: _t("Unfinished reception"),
            body: _t(
                "A reception that was not saved is kept on this computer: %s. Go on with it?",
                [kept.values.applicant_name, kept.values.procedure_id?.display_name]
                    .filter(Boolean)
                    .join(", ")
            ),
            confirmLabel: _t("Go On"),
            confirm: () => this.restoreKept(kept),
            cancelLabel: _t("Throw Away"),
            cancel: () => browser.localStorage.removeItem(this.keptKey),
        });
    }

    async restoreKept({token, values, received}) {
        const root = this.model.root;
        const {procedure_id, case_id, applicant_birth_date, ...rest} = values;
        await root.update({draft_token: token});
        // The procedure brings its parts, which are ticked afterwards.
        if (procedure_id) {
            await root.update({procedure_id, ...(case_id ? {case_id} : {})});
        }
        await root.update({
            ...rest,
            ...(applicant_birth_date
                ? {applicant_birth_date: luxon.DateTime.fromISO(applicant_birth_date)}
                : {}),
        });
        for (const part of root.data.document_ids.records) {
            if (received.includes(part.data.name)) {
                await part.update({received: true});
            }
        }
    }
}

registry.category("views").add("cchc_reception_form", {
    ...formView,
    Controller: ReceptionFormController,
});
