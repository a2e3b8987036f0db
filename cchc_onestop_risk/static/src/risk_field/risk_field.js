import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useService} from "@web/core/utils/hooks";

/**
 * The chance of a dossier to be late as a badge with words; pressing it tells why.
 *
 * Reads `risk_level`, `risk_base`, `risk_count` and `is_open` beside its own value, the
 * chance (0-1). The option `compact` leaves the words to the heading of a column, `plain`
 * is for a button with figures.
 */
export class RiskField extends Component {
    static template = "cchc_onestop_risk.RiskField";
    static props = {
        ...standardFieldProps,
        compact: {type: Boolean, optional: true},
        plain: {type: Boolean, optional: true},
    };

    setup() {
        this.action = useService("action");
    }

    get data() {
        return this.props.record.data;
    }

    get isShown() {
        const shown = this.props.plain || this.data.risk_base !== "late";
        return this.data.is_open && this.data.risk_base && shown;
    }

    get colour() {
        return {
            low: "text-bg-light border",
            watch: "text-bg-warning",
            high: "text-bg-danger",
        }[this.data.risk_level];
    }

    get isEstimated() {
        return this.data.risk_base !== "none";
    }

    get text() {
        if (!this.isEstimated) {
            return this.props.compact ? "—" : _t("no estimate");
        }
        if (this.data.risk_base === "late") {
            return _t("overdue");
        }
        const percent = Math.round(100 * this.data[this.props.name]);
        return this.props.compact ? `${percent} %` : _t("%s %% late", percent);
    }

    get hint() {
        const count = this.data.risk_count;
        switch (this.data.risk_base) {
            case "none":
                return _t("Not enough finished dossiers to compare with");
            case "late":
                return _t("The due date has passed");
            case "step":
                return _t("By %s finished dossiers that passed this step", count);
            case "procedure":
                return _t("By %s finished dossiers of this procedure", count);
            default:
                return _t("By %s finished dossiers of this field", count);
        }
    }

    async explain() {
        const {record} = this.props;
        this.action.doActionButton({
            type: "object",
            name: "action_explain_risk",
            resModel: record.resModel,
            resId: record.resId,
            resIds: [record.resId],
            context: record.context,
        });
    }
}

export const riskField = {
    component: RiskField,
    displayName: _t("Chance to be late"),
    supportedTypes: ["float"],
    listViewWidth: 120,
    fieldDependencies: [
        {name: "is_open", type: "boolean"},
        {name: "risk_level", type: "selection"},
        {name: "risk_base", type: "selection"},
        {name: "risk_count", type: "integer"},
    ],
    extractProps: ({options}) => ({
        compact: Boolean(options.compact),
        plain: Boolean(options.plain),
    }),
};

registry.category("fields").add("cchc_risk", riskField);
