import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/**
 * How far a group of interlinked procedures is: a bar, and a chip for each part that
 * says its state, who holds it and when it is due.
 */
export class BundleProgressField extends Component {
    static template = "cchc_onestop.BundleProgressField";
    static props = {...standardFieldProps};

    get parts() {
        return this.props.record.data[this.props.name] || [];
    }

    get ended() {
        return this.parts.filter((part) => part.over).length;
    }

    get percent() {
        return this.parts.length
            ? Math.round((100 * this.ended) / this.parts.length)
            : 0;
    }

    get count() {
        return _t("%(ended)s of %(all)s", {ended: this.ended, all: this.parts.length});
    }
}

export const bundleProgressField = {
    component: BundleProgressField,
    displayName: _t("Progress of an interlinked group"),
    supportedTypes: ["json"],
    listViewWidth: 440,
};

registry.category("fields").add("cchc_bundle_progress", bundleProgressField);
