import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatInteger} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useService} from "@web/core/utils/hooks";

/** The table of a report in its official layout; each figure opens its dossiers. */
export class StatisticTable extends Component {
    static template = "cchc_onestop.StatisticTable";
    static props = {...standardFieldProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get table() {
        return this.props.record.data[this.props.name];
    }

    /** The index of a row; the total has none. */
    index(row, index) {
        return row.total ? "" : index + 1;
    }

    format(figure) {
        return formatInteger(figure);
    }

    change(difference) {
        return `${difference > 0 ? "+" : "−"}${Math.abs(difference)}`;
    }

    label(row, column) {
        return _t("Open the dossiers: %s", `${row.name}, (${column + 3})`);
    }

    async open(row, column) {
        const {resModel, resId} = this.props.record;
        const action = await this.orm.call(resModel, "open_cell", [
            resId,
            row.id,
            this.table.columns[column],
        ]);
        this.action.doAction(action);
    }
}

registry.category("fields").add("cchc_statistic_table", {
    component: StatisticTable,
    supportedTypes: ["json"],
});

/** The identities of a report, green or red; a red one names row and numbers. */
export class StatisticChecks extends Component {
    static template = "cchc_onestop.StatisticChecks";
    static props = {...standardFieldProps};

    get checks() {
        return this.props.record.data[this.props.name] || [];
    }

    get broken() {
        return this.checks.filter((check) => check.state === "broken");
    }

    fault(fault) {
        return _t("%(where)s: %(left)s instead of %(right)s", fault);
    }
}

registry.category("fields").add("cchc_statistic_checks", {
    component: StatisticChecks,
    supportedTypes: ["json"],
});
