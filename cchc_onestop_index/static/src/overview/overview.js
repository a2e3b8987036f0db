import {Component, onWillStart, useState} from "@odoo/owl";
import {deserializeDate, deserializeDateTime, formatDate} from "@web/core/l10n/dates";
import {formatFloat, formatInteger} from "@web/views/fields/formatters";
import {Layout} from "@web/search/layout";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";

/** The index of service quality of the agency on one page. */
export class IndexOverview extends Component {
    static template = "cchc_onestop_index.Overview";
    static components = {Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = {controlPanel: {}};
        this.state = useState({data: null, busy: false});
        onWillStart(() => this.load());
    }

    async load() {
        this.state.data = await this.orm.call("cchc.index.overview", "get_data", []);
    }

    async refresh() {
        this.state.busy = true;
        try {
            await this.orm.call("cchc.index.snapshot", "action_refresh", []);
            await this.load();
        } finally {
            this.state.busy = false;
        }
    }

    // -- what is shown

    points(value) {
        if (value === null) {
            return "–";
        }
        return formatFloat(value, {digits: [16, 2], trailingZeros: false});
    }

    signed(value) {
        return value === null ? "–" : (value > 0 ? "+" : "") + this.points(value);
    }

    value(tile) {
        if (tile.key === "change") {
            return this.signed(tile.value);
        }
        return ["mend", "unknown"].includes(tile.key)
            ? formatInteger(tile.value)
            : this.points(tile.value);
    }

    week(text) {
        return formatDate(deserializeDate(text));
    }

    moment(text) {
        const at = deserializeDateTime(text);
        return `${at.toFormat("HH:mm")} ${formatDate(at)}`;
    }

    get losing() {
        return this.state.data.lines.filter((line) => line.lost > 0);
    }

    get reached() {
        return this.state.data.lines.filter(
            (line) => line.state !== "unknown" && line.lost <= 0
        );
    }

    get unknown() {
        return this.state.data.lines.filter((line) => line.state === "unknown");
    }

    /** Points of a polyline through the weeks, in a box of 100 × 30. */
    get trendLine() {
        const weeks = this.state.data.trend;
        const most = this.state.data.maximum || 100;
        return weeks
            .map((row, index) => {
                const x = weeks.length > 1 ? (100 * index) / (weeks.length - 1) : 50;
                return `${x.toFixed(2)},${(29 - (28 * row.points) / most).toFixed(2)}`;
            })
            .join(" ");
    }

    // -- what is behind

    async openTile(tile) {
        if (tile.action) {
            await this.openLosses(null, true);
        } else if (tile.key === "unknown") {
            this.openSnapshot();
        } else {
            this.openTrend();
        }
    }

    async openLosses(lineId, mend) {
        this.action.doAction(
            await this.orm.call("cchc.index.overview", "open_losses", [lineId, mend])
        );
    }

    openLine(line) {
        return line.listed ? this.openLosses(line.id, false) : this.openSnapshot();
    }

    openSnapshot() {
        this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Weekly Preview"),
            res_model: "cchc.index.snapshot",
            res_id: this.state.data.id,
            views: [[false, "form"]],
        });
    }

    openTrend() {
        this.action.doAction("cchc_onestop_index.cchc_index_snapshot_action");
    }

    async enter(line) {
        this.action.doAction(
            await this.orm.call("cchc.index.snapshot.line", "action_enter", [line.id])
        );
    }
}

registry.category("actions").add("cchc_index_overview", IndexOverview);
