import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/**
 * The remaining working time of a dossier as a coloured bar with words.
 *
 * Reads `clock_status`, `remaining_hours` and `day_hours` beside its own value, the
 * share of the time that is used up (0-100).
 */
export class ClockField extends Component {
    static template = "cchc_onestop.ClockField";
    static props = {...standardFieldProps};

    get status() {
        return this.props.record.data.clock_status;
    }

    get percent() {
        return this.status === "overdue"
            ? 100
            : Math.round(this.props.record.data[this.props.name] || 0);
    }

    get colour() {
        return {
            ok: "bg-success",
            soon: "bg-warning",
            overdue: "bg-danger",
            held: "bg-info",
        }[this.status];
    }

    get isShown() {
        return ["ok", "soon", "overdue", "held"].includes(this.status);
    }

    get text() {
        const hours = this.props.record.data.remaining_hours || 0;
        const span = this.span(hours);
        switch (this.status) {
            case "overdue":
                // Due on Friday evening: on Saturday no working time has passed since
                return Math.round(hours * 60) ? _t("%s late", span) : _t("Overdue");
            case "held":
                return _t("stopped, %s left", span);
            default:
                return _t("%s left", span);
        }
    }

    /** Working hours in words: "2 d 3 h", "5 h", "20 min". */
    span(hours) {
        const minutes = Math.round(Math.abs(hours) * 60);
        const day = Math.round((this.props.record.data.day_hours || 8) * 60);
        const days = Math.floor(minutes / day);
        const rest = Math.floor((minutes % day) / 60);
        if (days) {
            return rest
                ? _t("%(days)s d %(hours)s h", {days, hours: rest})
                : _t("%s d", days);
        }
        return rest ? _t("%s h", rest) : _t("%s min", minutes % 60);
    }
}

export const clockField = {
    component: ClockField,
    displayName: _t("Remaining working time"),
    supportedTypes: ["float"],
    listViewWidth: 150,
    fieldDependencies: [
        {name: "clock_status", type: "selection"},
        {name: "remaining_hours", type: "float"},
        {name: "day_hours", type: "float"},
    ],
};

registry.category("fields").add("cchc_clock", clockField);
