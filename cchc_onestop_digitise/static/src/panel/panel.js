import {Component, onWillStart, onWillUpdateProps, useState} from "@odoo/owl";
import {deserializeDateTime} from "@web/core/l10n/dates";
import {groups, isPicture} from "../upload/upload";
import {Dialog} from "@web/core/dialog/dialog";
import {DropZone} from "../upload/drop_zone";
import {_t} from "@web/core/l10n/translation";
import {formatInteger} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useService} from "@web/core/utils/hooks";
import {useUploads} from "../upload/uploads";

function moment(text) {
    return deserializeDateTime(text).toFormat("dd/MM/yyyy HH:mm");
}

/** Copies of earlier dossiers of the owner that may be used for a part. */
export class OffersDialog extends Component {
    static template = "cchc_onestop_digitise.Offers";
    static components = {Dialog};
    static props = {
        dossier: Number,
        part: Object,
        offers: Array,
        onUse: Function,
        close: Function,
    };

    setup() {
        this.moment = moment;
    }

    url(offer) {
        const {dossier, part} = this.props;
        return `/cchc_digitise/earlier/${dossier}/${part.id}/${offer.id}`;
    }

    async use(offer) {
        await this.props.onUse(offer);
        this.props.close();
    }
}

/** The parts of a dossier: drop scans on them, see their files and what is missing. */
export class DigitisePanel extends Component {
    static template = "cchc_onestop_digitise.Panel";
    static components = {DropZone};
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.uploads = useUploads();
        this.state = useState({data: null, former: {}});
        this.moment = moment;
        onWillStart(() => this.load(this.props.record.resId));
        onWillUpdateProps((next) => this.load(next.record.resId));
    }

    get uploadList() {
        return this.uploads.state.list;
    }

    forget(upload) {
        this.uploads.forget(upload);
    }

    async load(resId) {
        this.state.data = resId
            ? await this.orm.call("cchc.dossier", "get_digitise_panel", [resId])
            : null;
    }

    /** Show what has changed here and, unless something is being typed, elsewhere. */
    async refresh() {
        const {record} = this.props;
        if (await record.isDirty()) {
            await this.load(record.resId);
        } else {
            await record.load();
            await this.load(record.resId);
        }
    }

    get missing() {
        return this.state.data.parts.filter((part) => part.state === "missing").length;
    }

    current(part) {
        return part.files.filter(
            (file) => file.state === "current" || this.state.former[part.id]
        );
    }

    formerCount(part) {
        return part.files.filter((file) => file.state !== "current").length;
    }

    facts(file) {
        const facts = [
            _t("%s pages", formatInteger(file.pages)),
            _t("%s kB", formatInteger(file.kilobytes)),
        ];
        if (file.dpi) {
            facts.push(_t("%s dpi", formatInteger(file.dpi)));
        }
        return facts.join(" · ");
    }

    // -- sending

    tooLarge(files, megabytes) {
        const size = files.reduce((sum, file) => sum + file.size, 0);
        return size > megabytes * 1024 * 1024;
    }

    async onPart(part, files, replaces) {
        let kept = 0;
        for (const group of groups(files)) {
            const name = group.map((file) => file.name).join(", ");
            const limit = this.state.data.max_megabytes;
            if (this.tooLarge(group, limit)) {
                this.uploads.refuse(
                    name,
                    _t("“%s” is larger than %s MB and was not sent.", name, limit)
                );
                continue;
            }
            const answer = await this.uploads.start(
                name,
                `/cchc_digitise/part/${part.id}`,
                group,
                replaces ? {replaces: replaces.id} : {}
            );
            if (!answer.problem) {
                kept++;
                if (answer.warning) {
                    this.notification.add(answer.warning, {type: "warning"});
                }
            }
        }
        if (kept) {
            await this.refresh();
        }
    }

    /** Files for several parts: their names say which. */
    async onGeneral(files) {
        const names = files.map((file) => file.name);
        const found = await this.orm.call("cchc.dossier", "match_files", [
            [this.props.record.resId],
            names,
        ]);
        const byPart = new Map();
        for (const [index, file] of files.entries()) {
            const {part, problem} = found[index];
            if (part) {
                byPart.set(part, [...(byPart.get(part) || []), file]);
            } else {
                this.uploads.refuse(file.name, problem);
            }
        }
        for (const [id, own] of byPart) {
            const part = this.state.data.parts.find((each) => each.id === id);
            await this.onPart(part, own);
        }
    }

    /** One PDF of many parts, with separator sheets between. */
    async onStack(files) {
        for (const group of groups(files)) {
            const answer = await this.uploads.start(
                group[0].name,
                "/cchc_digitise/stack",
                group,
                {company: this.props.record.data.company_id?.id || ""}
            );
            if (!answer.problem) {
                this.action.doAction({
                    type: "ir.actions.act_window",
                    res_model: "cchc.scan.batch",
                    res_id: answer.batch,
                    views: [[false, "form"]],
                });
            }
        }
    }

    onReplace(part, file, files) {
        const list = isPicture(files[0]) ? files : files.slice(0, 1);
        return this.onPart(part, list, file);
    }

    // -- what else may be done

    async call(method, args, model = "cchc.dossier.document") {
        await this.orm.call(model, method, args);
        await this.refresh();
    }

    checkAttached(part, file) {
        return this.call("action_check_attached", [[part.id], file.id]);
    }

    addResult() {
        return this.call(
            "action_add_result",
            [[this.props.record.resId]],
            "cchc.dossier"
        );
    }

    async printSeparators() {
        const action = await this.orm.call("cchc.dossier", "action_print_separators", [
            [this.props.record.resId],
        ]);
        return this.action.doAction(action);
    }

    async openValues(part) {
        const action = await this.orm.call("cchc.dossier.document", "action_values", [
            [part.id],
        ]);
        return this.action.doAction(action, {onClose: () => this.refresh()});
    }

    async openOffers(part) {
        const dossier = this.props.record.resId;
        const offers = await this.orm.call("cchc.dossier", "get_offers", [
            [dossier],
            part.id,
        ]);
        this.dialog.add(OffersDialog, {
            dossier,
            part,
            offers,
            onUse: (offer) =>
                this.call(
                    "action_reuse",
                    [[dossier], part.id, offer.id],
                    "cchc.dossier"
                ),
        });
    }

    toggleFormer(part) {
        this.state.former[part.id] = !this.state.former[part.id];
    }
}

registry.category("view_widgets").add("cchc_digitise_panel", {
    component: DigitisePanel,
    fieldDependencies: [{name: "company_id", type: "many2one"}],
});
