import {Component, onWillStart, useState} from "@odoo/owl";
import {deserializeDate, formatDate} from "@web/core/l10n/dates";
import {formatFloat, formatInteger} from "@web/views/fields/formatters";
import {_t} from "@web/core/l10n/translation";
import {Layout} from "@web/search/layout";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";

/** Documents that a clause names before the list. */
const MOST_NAMED = 5;
const COLOURS = {
    proved: "success",
    partly: "warning",
    missing: "danger",
    excluded: "secondary",
    free: "light",
};

/** Each clause of the standard with what maintains it, proves it, or is missing. */
export class ClauseCoverage extends Component {
    static template = "cchc_iso.ClauseCoverage";
    static components = {Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = {controlPanel: {}};
        this.most = MOST_NAMED;
        this.state = useState({filter: "all", data: null});
        onWillStart(() => this.load(false));
    }

    async load(system) {
        this.state.data = await this.orm.call("cchc.iso.coverage", "get_data", [
            system,
        ]);
    }

    onSystem(event) {
        this.load(parseInt(event.target.value));
    }

    // -- what is shown

    get filters() {
        const {figures} = this.state.data;
        return [
            {key: "all", label: _t("All Clauses"), count: null},
            {key: "demanded", label: _t("Demanded"), count: figures.demanded},
            {key: "proved", label: _t("Proved"), count: figures.proved},
            {key: "partly", label: _t("Partly"), count: figures.partly},
            {key: "missing", label: _t("Missing"), count: figures.missing},
            {key: "excluded", label: _t("Excluded"), count: figures.excluded},
        ];
    }

    isShown(clause) {
        const {filter} = this.state;
        if (filter === "all") {
            return true;
        }
        if (filter === "demanded") {
            return ["proved", "partly", "missing"].includes(clause.state);
        }
        return clause.state === filter;
    }

    get chapters() {
        return this.state.data.chapters
            .map((chapter) => ({
                ...chapter,
                shown: chapter.clauses.filter((clause) => this.isShown(clause)),
            }))
            .filter((chapter) => this.state.filter === "all" || chapter.shown.length);
    }

    colour(state) {
        return COLOURS[state];
    }

    label(state) {
        return {
            proved: _t("Proved"),
            partly: _t("Partly"),
            missing: _t("Missing"),
            excluded: _t("Excluded"),
            free: "",
        }[state];
    }

    demands(clause) {
        return [
            [clause.maintain, _t("Maintain")],
            [clause.retain, _t("Retain")],
            [clause.available, _t("Available")],
        ]
            .filter(([asked]) => asked)
            .map(([, label]) => label);
    }

    record(kind) {
        if (kind.count === null) {
            const seen = kind.seen_on
                ? formatDate(deserializeDate(kind.seen_on))
                : _t("never");
            return _t("%(name)s: %(place)s, seen %(date)s", {
                name: kind.name,
                place: kind.place,
                date: seen,
            });
        }
        return `${kind.name}: ${formatInteger(kind.count)}`;
    }

    get percent() {
        const {percent} = this.state.data.figures;
        return percent === null
            ? "–"
            : `${formatFloat(percent, {digits: [16, 1], trailingZeros: false})} %`;
    }

    // -- what is behind

    openDocument(page) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "document.page",
            res_id: page.id,
            views: [[false, "form"]],
        });
    }

    more(clause) {
        return _t("and %s more documents", clause.documents.length - MOST_NAMED);
    }

    openDocuments(clause) {
        this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Documents of clause %s", clause.code),
            res_model: "document.page",
            domain: [["id", "in", clause.documents.map((page) => page.id)]],
            views: [
                [false, "list"],
                [false, "form"],
            ],
        });
    }

    async openRecords(kind) {
        const action = await this.orm.call("cchc.iso.clause.record", "action_open", [
            [kind.id],
        ]);
        this.action.doAction(action);
    }

    openSystem() {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "mgmtsystem.system",
            res_id: this.state.data.system.id,
            views: [[false, "form"]],
        });
    }

    openKept() {
        this.action.doAction("cchc_iso.cchc_iso_clause_record_action");
    }

    print(report) {
        this.action.doAction(report, {
            additionalContext: {
                active_id: this.state.data.system.id,
                active_ids: [this.state.data.system.id],
                active_model: "mgmtsystem.system",
            },
        });
    }
}

registry.category("actions").add("cchc_iso_coverage", ClauseCoverage);
