import {Dashboard} from "@cchc_onestop/dashboard/dashboard";
import {_t} from "@web/core/l10n/translation";
import {formatInteger} from "@web/views/fields/formatters";
import {patch} from "@web/core/utils/patch";

/** One tile more: of the dossiers received, those whose parts are all digitised. */
patch(Dashboard.prototype, {
    async load() {
        const {from, to, sector} = this.state;
        const digitised =
            from && to && from <= to
                ? await this.orm.call("cchc.dashboard", "get_digitised", [
                      from,
                      to,
                      sector || false,
                  ])
                : null;
        await super.load();
        if (digitised && this.state.from === from && this.state.to === to) {
            this.state.digitised = digitised;
        }
    },

    get tiles() {
        const {digitised} = this.state;
        if (!digitised) {
            return super.tiles;
        }
        const note =
            digitised.percent === null
                ? _t("Nothing to digitise")
                : _t(
                      "%s %% of %s to digitise",
                      this.number(digitised.percent),
                      formatInteger(digitised.required)
                  );
        return [
            ...super.tiles,
            {
                key: "digitised",
                label: _t("Digitised Dossiers"),
                colour: "success",
                note,
                value: formatInteger(digitised.digitised),
            },
            {
                key: "to_scan",
                label: _t("Dossiers to Be Scanned"),
                colour: "warning",
                value: formatInteger(digitised.missing),
            },
        ];
    },

    openTile(tile) {
        const key = {digitised: "digitised", to_scan: "missing"}[tile.key];
        if (key) {
            this.open(tile.label, this.state.digitised.domains[key]);
        } else {
            super.openTile(tile);
        }
    },
});
