import {Component, onWillStart, useState} from "@odoo/owl";
import {deserializeDate, formatDate} from "@web/core/l10n/dates";
import {formatFloat, formatInteger} from "@web/views/fields/formatters";
import {Layout} from "@web/search/layout";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";

const STEP_COLOURS = {
    todo: "secondary",
    soon: "warning",
    late: "danger",
    done: "success",
};

/** The quality system of the agency on one page. */
export class IsoOverview extends Component {
    static template = "cchc_iso.Overview";
    static components = {Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = {controlPanel: {}};
        this.state = useState({data: null});
        onWillStart(async () => {
            this.state.data = await this.orm.call("cchc.iso.overview", "get_data", []);
        });
    }

    value(tile) {
        if (tile.value === null || tile.value === "") {
            return "–";
        }
        if (tile.unit) {
            const options = {digits: [16, 1], trailingZeros: false};
            return `${formatFloat(tile.value, options)} ${tile.unit}`;
        }
        return typeof tile.value === "number" ? formatInteger(tile.value) : tile.value;
    }

    day(text) {
        return text ? formatDate(deserializeDate(text)) : "";
    }

    stepColour(step) {
        return STEP_COLOURS[step.state];
    }

    // -- what is behind

    open(action) {
        if (!action) {
            return;
        }
        if (action.tag) {
            this.action.doAction({type: "ir.actions.client", tag: action.tag});
        } else if (action.res_id) {
            this.openRecord(action.res_model, action.res_id);
        } else {
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
    }

    openRecord(model, id) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    openSystems() {
        this.action.doAction("cchc_iso.mgmtsystem_system_action");
    }

    openCycles() {
        this.action.doAction("cchc_iso.cchc_iso_cycle_action");
    }
}

registry.category("actions").add("cchc_iso_overview", IsoOverview);
