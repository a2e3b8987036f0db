import {Component, onWillStart, useEffect, useRef, useState} from "@odoo/owl";
import {deserializeDate, serializeDate} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {DateTimeInput} from "@web/core/datetime/datetime_input";
import {formatFloat, formatInteger} from "@web/views/fields/formatters";
import {Layout} from "@web/search/layout";
import {loadBundle} from "@web/core/assets";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";

const COLOURS = {
    received: "#3b82f6",
    settled: "#22a06b",
    late: "#d0312d",
    open: "#f0a020",
    law: "#8a94a6",
};

/** One chart of Odoo's own Chart.js; pressing a bar tells which one. */
class Chart_ extends Component {
    static template = "cchc_onestop.DashboardChart";
    static props = {config: Object, height: Number, label: String, onPress: Function};

    setup() {
        this.canvas = useRef("canvas");
        useEffect(
            () => {
                const chart = new window.Chart(this.canvas.el, this.config);
                return () => chart.destroy();
            },
            () => [this.props.config]
        );
    }

    get config() {
        const {config, onPress} = this.props;
        return {
            ...config,
            options: {
                responsive: true,
                maintainAspectRatio: false,
                animation: false,
                ...config.options,
                onClick: (event, elements) => {
                    if (elements.length) {
                        onPress(elements[0].index, elements[0].datasetIndex);
                    }
                },
            },
        };
    }
}

/** The leader's page: what came in, what is due, what is late and why. */
export class Dashboard extends Component {
    static template = "cchc_onestop.Dashboard";
    static components = {Layout, Chart: Chart_, DateTimeInput};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = {controlPanel: {}};
        this.state = useState({period: "", from: "", to: "", sector: 0, data: null});
        this.serial = 0;
        onWillStart(async () => {
            const [choices] = await Promise.all([
                this.orm.call("cchc.dashboard", "get_choices", []),
                loadBundle("web.chartjs_lib"),
            ]);
            this.choices = choices;
            [this.state.from, this.state.to] = choices.year;
            await this.load();
        });
    }

    async load() {
        if (!this.state.from || !this.state.to || this.state.from > this.state.to) {
            return;
        }
        const serial = ++this.serial;
        const data = await this.orm.call("cchc.dashboard", "get_data", [
            this.state.from,
            this.state.to,
            this.state.sector || false,
        ]);
        if (serial === this.serial) {
            this.state.data = data;
            this.charts = this.makeCharts(data);
        }
    }

    // -- choices

    isPeriod(index) {
        return this.state.period === `${index}`;
    }

    onPeriod(event) {
        this.state.period = event.target.value;
        const period = this.choices.periods[this.state.period];
        [this.state.from, this.state.to] = period
            ? [period.from, period.to]
            : this.choices.year;
        this.load();
    }

    day(name) {
        return this.state[name] ? deserializeDate(this.state[name]) : false;
    }

    onDay(name, day) {
        this.state.period = "own";
        this.state[name] = day ? serializeDate(day) : "";
        this.load();
    }

    onSector(event) {
        this.state.sector = parseInt(event.target.value);
        this.load();
    }

    // -- tiles

    get tiles() {
        const {tiles} = this.state.data;
        const late =
            tiles.late_percent === null
                ? ""
                : _t("%s %% of received", this.number(tiles.late_percent));
        const onTime =
            tiles.on_time_percent === null
                ? ""
                : _t("%s %% in time", this.number(tiles.on_time_percent));
        return [
            {key: "received", label: _t("Received"), colour: "primary"},
            {key: "settled", label: _t("Settled"), colour: "success", note: onTime},
            {key: "late", label: _t("Settled Late"), colour: "danger", note: late},
            {key: "in_process", label: _t("In Process"), colour: "primary"},
            {key: "due_today", label: _t("Due Today"), colour: "warning"},
            {key: "due_soon", label: _t("Due within 3 Days"), colour: "warning"},
            {key: "overdue", label: _t("Overdue Now"), colour: "danger"},
            {key: "unexplained", label: _t("Without Reason"), colour: "danger"},
        ].map((tile) => ({...tile, value: formatInteger(tiles[tile.key])}));
    }

    /** Whether there is nothing that the reader may open, now or in the period. */
    get isEmpty() {
        const {received, settled, in_process: inProcess} = this.state.data.tiles;
        return !received && !settled && !inProcess;
    }

    number(value) {
        return formatFloat(value, {digits: [16, 1]});
    }

    // -- charts

    makeCharts(data) {
        return [
            {
                key: "months",
                title: _t("By Month"),
                rows: data.months,
                config: this.bars(data.months, [
                    ["received", _t("Received"), COLOURS.received],
                    ["settled", _t("Settled"), COLOURS.settled],
                    ["late", _t("Settled Late"), COLOURS.late],
                ]),
                height: 260,
            },
            this.rates("sectors", _t("In Time by Field (%)"), data.sectors),
            this.rates(
                "departments",
                _t("In Time by Department (%)"),
                data.departments
            ),
            {
                key: "officers",
                title: _t("Workload per Officer"),
                rows: data.officers,
                config: this.bars(
                    data.officers,
                    [
                        ["in_process", _t("In Process"), COLOURS.open],
                        ["overdue", _t("Overdue Now"), COLOURS.late],
                    ],
                    true
                ),
                height: 90 + 34 * data.officers.length,
            },
            {
                key: "causes",
                title: _t("Causes of Delay"),
                rows: data.causes,
                config: this.bars(
                    data.causes,
                    [["number", _t("Dossiers"), COLOURS.late]],
                    true
                ),
                height: 90 + 30 * data.causes.length,
            },
            {
                key: "times",
                title: _t("Mean Time (calendar days)"),
                rows: data.times,
                config: this.bars(
                    data.times,
                    [
                        ["taken", _t("Taken"), COLOURS.received],
                        ["committed", _t("Committed"), COLOURS.settled],
                        ["statutory", _t("Statutory"), COLOURS.law],
                    ],
                    true
                ),
                height: 90 + 44 * data.times.length,
            },
        ];
    }

    rates(key, title, rows) {
        return {
            key,
            title,
            rows,
            config: this.bars(
                rows,
                [["on_time_percent", _t("In Time (%)"), COLOURS.settled]],
                true
            ),
            height: 90 + 30 * rows.length,
        };
    }

    bars(rows, series, lying = false) {
        const most = this.env.isSmall ? 16 : 28;
        const short = (text) =>
            text.length > most ? `${text.slice(0, most - 1)}…` : text;
        return {
            type: "bar",
            data: {
                labels: rows.map((row) => short(row.name)),
                datasets: series.map(([key, label, colour]) => ({
                    key,
                    label,
                    backgroundColor: colour,
                    data: rows.map((row) => row[key]),
                })),
            },
            options: {
                indexAxis: lying ? "y" : "x",
                scales: {[lying ? "x" : "y"]: {beginAtZero: true}},
            },
        };
    }

    // -- what is behind

    open(name, domain) {
        this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: "cchc.dossier",
            domain,
            views: [
                [false, "list"],
                [false, "pivot"],
                [false, "graph"],
                [false, "form"],
            ],
            context: {create: false},
        });
    }

    openTile(tile) {
        this.open(tile.label, this.state.data.domains[tile.key]);
    }

    openBar(chart, index, series) {
        const row = chart.rows[index];
        const {domains} = this.state.data;
        const key = chart.config.data.datasets[series].key;
        const name = `${chart.title}: ${row.name}`;
        if (chart.key === "months") {
            const column = key === "received" ? "accepted_at" : "ended_at";
            this.orm
                .call("cchc.dashboard", "get_month", [row.month])
                .then(([start, end]) =>
                    this.open(name, [
                        ...domains[key],
                        [column, ">=", start],
                        [column, "<", end],
                    ])
                );
            return;
        }
        const column = {
            sectors: "sector_id",
            times: "sector_id",
            departments: "department_id",
            officers: "user_id",
            causes: "late_reason_id",
        }[chart.key];
        const own = [column, "=", row.id || false];
        if (chart.key === "officers") {
            const base = key === "overdue" ? domains.overdue : domains.in_process;
            this.open(name, [...base, own]);
        } else if (chart.key === "causes") {
            this.open(name, [...domains.causes, own]);
        } else {
            this.open(name, [...domains.settled, own]);
        }
    }
}

registry.category("actions").add("cchc_dashboard", Dashboard);
