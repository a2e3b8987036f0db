import {Component, onWillStart, onWillUpdateProps, useState} from "@odoo/owl";
import {JobProgress} from "@cchc_onestop/job_progress/job_progress";
import {_t} from "@web/core/l10n/translation";
import {formatInteger} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useService} from "@web/core/utils/hooks";

const COLOURS = [
    ...["#3b82f6", "#22a06b", "#f0a020", "#8b5cf6", "#d0312d", "#0891b2"],
    ...["#be185d", "#65a30d", "#b45309", "#475569"],
];

/** How far the reading of a stack is. */
export class ScanProgress extends JobProgress {
    get label() {
        return this.state.total
            ? _t(
                  "%s of %s pages read",
                  formatInteger(this.state.done),
                  formatInteger(this.state.total)
              )
            : _t("Waiting for its turn; you may leave this page.");
    }
}

/** Pages of a stack beside the parts of its dossiers; drag what was not recognised. */
export class ScanBoard extends Component {
    static template = "cchc_onestop_digitise.Board";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.state = useState({
            data: null,
            selected: {},
            last: null,
            over: null,
            code: "",
            filter: "all",
            added: [],
        });
        onWillStart(() => this.load(this.props.record.resId));
        onWillUpdateProps((next) => this.load(next.record.resId));
    }

    async load(resId) {
        this.state.data = resId
            ? await this.orm.call("cchc.scan.batch", "get_board", [[resId]])
            : null;
    }

    get isOpen() {
        return this.state.data.state === "review";
    }

    get dossiers() {
        const own = this.state.data.dossiers;
        const known = own.map((dossier) => dossier.id);
        return [
            ...own,
            ...this.state.added.filter((dossier) => !known.includes(dossier.id)),
        ];
    }

    get parts() {
        return this.dossiers.flatMap((dossier) =>
            dossier.parts.map((part) => ({...part, dossier}))
        );
    }

    colour(partId) {
        const index = this.parts.findIndex((part) => part.id === partId);
        return index < 0 ? "transparent" : COLOURS[index % COLOURS.length];
    }

    partLabel(partId) {
        const part = this.parts.find((each) => each.id === partId);
        return part ? `${part.dossier.code} · ${part.key}` : "";
    }

    count(partId) {
        return this.state.data.pages.filter(
            (page) => page.part === partId && page.kind === "content"
        ).length;
    }

    countText(partId) {
        return _t("%s pages", formatInteger(this.count(partId)));
    }

    isWaiting(page) {
        return page.kind === "content" && !page.part;
    }

    get waiting() {
        return this.state.data.pages.filter((page) => this.isWaiting(page));
    }

    get problems() {
        return this.state.data.pages.filter((page) => page.problem);
    }

    get pages() {
        const {pages} = this.state.data;
        if (this.state.filter === "waiting") {
            return pages.filter((page) => this.isWaiting(page));
        }
        if (this.state.filter === "problems") {
            return pages.filter((page) => page.problem);
        }
        return pages;
    }

    url(page, size) {
        return `/cchc_digitise/page/${page.id}?width=${size}&turn=${page.rotation}`;
    }

    kindLabel(page) {
        return {
            separator: _t("Separator"),
            blank: _t("Blank"),
            left_out: _t("Left out"),
            content: _t("Not assigned"),
        }[page.kind];
    }

    // -- selecting

    get selection() {
        return this.state.data.pages
            .filter((page) => this.state.selected[page.id])
            .map((page) => page.id);
    }

    onPage(page, event) {
        if (!this.isOpen) {
            return;
        }
        const shown = this.pages.map((each) => each.id);
        if (event.shiftKey && shown.includes(this.state.last)) {
            const ends = [shown.indexOf(this.state.last), shown.indexOf(page.id)];
            const [from, to] = ends.sort((one, other) => one - other);
            for (const id of shown.slice(from, to + 1)) {
                this.state.selected[id] = true;
            }
        } else {
            this.state.selected[page.id] = !this.state.selected[page.id];
        }
        this.state.last = page.id;
    }

    selectWaiting() {
        this.state.selected = Object.fromEntries(
            this.waiting.map((page) => [page.id, true])
        );
    }

    unselect() {
        this.state.selected = {};
    }

    // -- assigning

    onDragStart(page, event) {
        if (!this.state.selected[page.id]) {
            this.state.selected = {[page.id]: true};
        }
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", String(page.number));
    }

    async apply(method, args = []) {
        const pages = this.selection;
        if (!pages.length) {
            this.notification.add(_t("Choose pages first."), {type: "info"});
            return;
        }
        this.state.data = await this.orm.call("cchc.scan.batch", method, [
            [this.props.record.resId],
            pages,
            ...args,
        ]);
        if (method !== "turn_pages") {
            this.unselect();
        }
    }

    onDropPart(part) {
        this.state.over = null;
        return this.apply("assign_pages", [part.id]);
    }

    takeAway() {
        return this.apply("assign_pages", [false]);
    }

    async addDossier() {
        const code = this.state.code.trim();
        if (!code) {
            return;
        }
        const dossier = await this.orm.call("cchc.scan.batch", "get_dossier_parts", [
            [this.props.record.resId],
            code,
        ]);
        if (!this.dossiers.some((each) => each.id === dossier.id)) {
            this.state.added.push(dossier);
        }
        this.state.code = "";
    }

    onCodeKey(event) {
        if (event.key === "Enter") {
            event.preventDefault();
            event.stopPropagation();
            this.addDossier();
        }
    }
}

registry
    .category("view_widgets")
    .add("cchc_scan_board", {component: ScanBoard})
    .add("cchc_scan_progress", {component: ScanProgress});
