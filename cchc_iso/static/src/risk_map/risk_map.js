import {Component, onWillStart, onWillUpdateProps, useState} from "@odoo/owl";
import {ActionHelper} from "@web/views/action_helper";
import {CogMenu} from "@web/search/cog_menu/cog_menu";
import {Layout} from "@web/search/layout";
import {SearchBar} from "@web/search/search_bar/search_bar";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardViewProps} from "@web/views/standard_view_props";
import {useSearchBarToggler} from "@web/search/search_bar/search_bar_toggler";
import {useService} from "@web/core/utils/hooks";
import {user} from "@web/core/user";

/** Numbers of risks that a cell names before it only counts them. */
const MOST_NAMED = 3;
const FIELDS = {
    before: ["likelihood", "impact"],
    after: ["residual_likelihood", "residual_impact"],
};

/** Risks on the map of likelihood × consequence, before and after their treatment. */
export class RiskMapController extends Component {
    static template = "cchc_iso.RiskMap";
    static components = {ActionHelper, CogMenu, Layout, SearchBar};
    static props = {...standardViewProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.searchBarToggler = useSearchBarToggler();
        this.most = MOST_NAMED;
        this.state = useState({data: null});
        onWillStart(async () => {
            this.mayCreate = await user.checkAccessRight(this.props.resModel, "create");
            await this.load(this.props);
        });
        onWillUpdateProps((props) => this.load(props));
    }

    async load({domain, context}) {
        this.state.data = await this.orm.call("cchc.iso.risk", "get_map", [domain], {
            context,
        });
    }

    get stages() {
        return [
            {key: "before", title: _t("Before the Treatment")},
            {key: "after", title: _t("After the Treatment")},
        ];
    }

    /** Rows from the most likely down, as such maps are drawn. */
    get likelihoods() {
        return [...this.state.data.likelihoods].reverse();
    }

    cell(stage, likelihood, impact) {
        return this.state.data.cells[stage][`${likelihood}-${impact}`];
    }

    words(text) {
        return text.replace(/^\d+ - /, "");
    }

    count(stage, level) {
        return Object.values(this.state.data.cells[stage])
            .filter((cell) => cell.level === level.name)
            .reduce((sum, cell) => sum + cell.risks.length, 0);
    }

    label(likelihood, impact, cell) {
        const names = cell.risks.map((risk) => `${risk.code} ${risk.name}`);
        return _t(
            "Likelihood %(likelihood)s × consequence %(impact)s, %(level)s: %(risks)s",
            {
                likelihood,
                impact,
                level: cell.level,
                risks: names.join("; ") || _t("none"),
            }
        );
    }

    missing(stage) {
        return this.state.data.not_assessed[stage];
    }

    // -- what is behind

    open(stage, likelihood, impact) {
        const {risks} = this.cell(stage, likelihood, impact);
        if (risks.length === 1) {
            return this.props.selectRecord(risks[0].id, {});
        }
        if (!risks.length) {
            return null;
        }
        const [first, second] = FIELDS[stage];
        return this.openList(
            _t("Likelihood %(likelihood)s × consequence %(impact)s", {
                likelihood,
                impact,
            }),
            [...this.props.domain, [first, "=", likelihood], [second, "=", impact]]
        );
    }

    openMissing(stage) {
        this.openList(_t("Not Assessed"), [["id", "in", this.missing(stage)]]);
    }

    openList(name, domain) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: this.props.resModel,
            domain,
            views: [
                [false, "list"],
                [false, "form"],
            ],
        });
    }
}

export const riskMapView = {
    type: "cchc_risk_map",
    Controller: RiskMapController,
    searchMenuTypes: ["filter", "favorite"],
    props: (genericProps) => ({...genericProps}),
};

registry.category("views").add("cchc_risk_map", riskMapView);
