import {Component} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** Key that gives an answer, as auditors call it in Vietnamese (P: phù hợp, K: không
 *  phù hợp nhẹ, N: nặng, Q: quan sát, C: cải tiến, A: không áp dụng). */
export const KEYS = {
    p: "conform",
    k: "nc_minor",
    n: "nc_major",
    q: "observation",
    c: "ofi",
    a: "not_applicable",
    0: "not_checked",
};

const COLOURS = {
    conform: "text-bg-success",
    nc_minor: "text-bg-danger",
    nc_major: "text-bg-danger",
    observation: "text-bg-warning",
    ofi: "text-bg-warning",
    not_applicable: "text-bg-secondary",
    not_checked: "text-bg-light border",
};

/** Answer of an auditor: a badge that takes one letter for each answer. */
export class FindingField extends Component {
    static template = "cchc_iso.FindingField";
    static props = {...standardFieldProps};

    get value() {
        return this.props.record.data[this.props.name];
    }

    get options() {
        return this.props.record.fields[this.props.name].selection;
    }

    get label() {
        const option = this.options.find(([value]) => value === this.value);
        return option ? option[1] : "";
    }

    get colour() {
        return COLOURS[this.value] || COLOURS.not_checked;
    }

    async give(value) {
        await this.props.record.update({[this.props.name]: value});
    }

    onKeydown(ev) {
        if (ev.ctrlKey || ev.altKey || ev.metaKey) {
            return;
        }
        if (ev.key === "ArrowDown" || ev.key === "ArrowUp") {
            // The list goes to the next row by Enter, to the one before with Shift.
            ev.preventDefault();
            ev.stopPropagation();
            ev.target.dispatchEvent(
                new KeyboardEvent("keydown", {
                    key: "Enter",
                    shiftKey: ev.key === "ArrowUp",
                    bubbles: true,
                    cancelable: true,
                })
            );
            return;
        }
        const value = KEYS[ev.key.toLowerCase()];
        if (value && this.options.some(([known]) => known === value)) {
            ev.preventDefault();
            ev.stopPropagation();
            this.give(value);
        }
    }

    onChange(ev) {
        this.give(ev.target.value);
    }
}

registry.category("fields").add("cchc_iso_finding", {
    component: FindingField,
    supportedTypes: ["selection"],
});
