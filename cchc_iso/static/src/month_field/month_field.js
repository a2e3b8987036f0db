import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/**
 * One month of a row of the audit programme: × planned, ✓ audited, ! missed.
 */
export class MonthField extends Component {
    static template = "cchc_iso.MonthField";
    static props = {...standardFieldProps};

    get month() {
        return this.props.name.split("_")[1];
    }

    get isTicked() {
        return this.props.record.data[this.props.name];
    }

    includes(list) {
        return (list || "").split(",").includes(this.month);
    }

    get status() {
        if (!this.isTicked) {
            return "none";
        }
        const data = this.props.record.data;
        if (this.includes(data.held_months)) {
            return "held";
        }
        return this.includes(data.missed_months) ? "missed" : "planned";
    }

    get mark() {
        return {none: "", planned: "×", held: "✓", missed: "!"}[this.status];
    }

    get title() {
        const status = {
            none: _t("not planned"),
            planned: _t("planned"),
            held: _t("audited"),
            missed: _t("passed without an audit"),
        }[this.status];
        return _t("Month %(month)s: %(status)s", {month: this.month, status});
    }

    get className() {
        return {
            none: "",
            planned: "fw-bold",
            held: "fw-bold text-success",
            missed: "fw-bold text-danger",
        }[this.status];
    }

    toggle() {
        if (!this.props.readonly) {
            this.props.record.update({[this.props.name]: !this.isTicked});
        }
    }
}

export const monthField = {
    component: MonthField,
    supportedTypes: ["boolean"],
    isEmpty: () => false,
};

registry.category("fields").add("cchc_month", monthField);
