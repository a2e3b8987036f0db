import {Dashboard} from "@cchc_onestop/dashboard/dashboard";
import {_t} from "@web/core/l10n/translation";
import {formatInteger} from "@web/views/fields/formatters";
import {patch} from "@web/core/utils/patch";

/** Two more tiles on the leader's page, of now: at risk, and too much in hand. */
patch(Dashboard.prototype, {
    async load() {
        const risk = this.orm.call("cchc.dashboard", "get_risk", [
            this.state.sector || false,
        ]);
        const result = await super.load();
        this.state.risk = await risk;
        return result;
    },

    get tiles() {
        const {risk} = this.state;
        const own = risk && [
            {key: "risk", label: _t("At Risk Now"), colour: "danger"},
            {key: "load", label: _t("Officers with Too Much"), colour: "warning"},
        ];
        return [
            ...super.tiles,
            ...(own || []).map((tile) => ({
                ...tile,
                value: formatInteger(risk[tile.key]),
            })),
        ];
    },

    openTile(tile) {
        if (tile.key === "risk") {
            this.open(tile.label, this.state.risk.domains.risk);
        } else if (tile.key === "load") {
            this.action.doAction("cchc_onestop_risk.cchc_risk_workload_action", {
                additionalContext: {
                    search_default_month: 1,
                    search_default_too_much: this.state.risk.load ? 1 : 0,
                },
            });
        } else {
            super.openTile(tile);
        }
    },
});
