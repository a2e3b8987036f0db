import {Component, onWillStart, useState} from "@odoo/owl";
import {deserializeDate, formatDate} from "@web/core/l10n/dates";
import {formatInteger, formatPercentage} from "@web/views/fields/formatters";
import {Layout} from "@web/search/layout";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";

/** The reform work of the agency in a year, on one page. */
export class ReformOverview extends Component {
    static template = "cchc_reform.Overview";
    static components = {Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = {controlPanel: {}};
        this.state = useState({data: null});
        onWillStart(() => this.load());
    }

    async load(year) {
        this.state.data = await this.orm.call("cchc.reform.overview", "get_data", [], {
            year: year || null,
        });
    }

    onYear(event) {
        return this.load(parseInt(event.target.value, 10));
    }

    at(side) {
        return this.state.data.blocks.filter((block) => block.side === side);
    }

    value(figure) {
        if (figure.value === null || figure.value === "") {
            return "–";
        }
        return typeof figure.value === "number"
            ? formatInteger(figure.value)
            : figure.value;
    }

    share(row) {
        return row.counted ? formatPercentage(row.share) : "–";
    }

    width(row) {
        return `${Math.round(100 * Math.min(row.share, 1))}%`;
    }

    day(text) {
        return formatDate(deserializeDate(text));
    }

    // -- what is behind

    open(action) {
        if (!action) {
            return;
        }
        if (action.res_id) {
            this.action.doAction({
                type: "ir.actions.act_window",
                res_model: action.res_model,
                res_id: action.res_id,
                views: [[false, "form"]],
            });
            return;
        }
        this.action.doAction({
            type: "ir.actions.act_window",
            name: action.name,
            res_model: action.res_model,
            domain: action.domain,
            context: action.context || {},
            views: [
                [false, "list"],
                [false, "form"],
            ],
        });
    }

    openPlans() {
        this.action.doAction("cchc_reform.cchc_reform_plan_action");
    }
}

registry.category("actions").add("cchc_reform_overview", ReformOverview);
