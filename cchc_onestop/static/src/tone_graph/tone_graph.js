import {GraphModel} from "@web/views/graph/graph_model";
import {GraphRenderer} from "@web/views/graph/graph_renderer";
import {graphView} from "@web/views/graph/graph_view";
import {registry} from "@web/core/registry";
import {sortBy} from "@web/core/utils/arrays";

/**
 * What values of a selection mean: "model.field" -> {value: tone}, in the order in
 * which they are stacked; "false" stands for no value. Addons add theirs.
 */
export const graphTones = registry.category("cchc_graph_tones");

const COLORS = {
    best: "#0E8270",
    good: "#43C5B1",
    running: "#4EA7F2",
    warning: "#F4A261",
    bad: "#CE4257",
    other: "#8481DD",
    none: "#A4A8B6",
};

export class ToneGraphModel extends GraphModel {
    /**
     * Note beside each value of a dataset what it means, and put datasets in the order
     * of the meanings.
     *
     * @override
     */
    _getData(dataPoints) {
        const data = super._getData(...arguments);
        const byLabel = new Map(data.datasets.map((row) => [row.label, row]));
        for (const point of dataPoints) {
            const dataset = byLabel.get(this._getDatasetLabel(point));
            if (dataset) {
                dataset.tones ||= new Array(data.labels.length);
                dataset.tones[point.labelIndex] = this.toneOf(point);
            }
        }
        for (const dataset of data.datasets) {
            const known = new Set(Object.values(dataset.tones || {}));
            dataset.tone = known.size === 1 ? [...known][0] : undefined;
        }
        const rank = ({tone}) => (tone ? tone.rank : data.datasets.length + 99);
        data.datasets = sortBy(data.datasets, rank);
        return data;
    }

    /**
     * The line of sums leads through time only: kinds and areas do not follow each other.
     *
     * @override
     */
    _getLineOverlayDataset() {
        const {fields, groupBy} = this.metaData;
        const type = groupBy.length && fields[groupBy[0].fieldName].type;
        const isTime = ["date", "datetime"].includes(type);
        return isTime ? super._getLineOverlayDataset() : null;
    }

    /**
     * @param {Object} point of the chart
     * @returns {Object | undefined} color and rank of the first group that has a meaning
     */
    toneOf(point) {
        const {mode, resModel} = this.metaData;
        const groups = JSON.parse(point.identifier);
        // beside one another bars are told apart by their place, not by their color
        const shown = mode === "pie" || groups.length === 1 ? groups : groups.slice(1);
        for (const group of shown) {
            const [[name, value]] = Object.entries(group);
            const tones = graphTones.get(`${resModel}.${name}`, {});
            const rank = Object.keys(tones).indexOf(String(value));
            if (rank >= 0) {
                const color = COLORS[tones[value]];
                this.knownTones ||= {};
                this.knownTones[`${name}.${value}`] ||= {rank, color};
                return this.knownTones[`${name}.${value}`];
            }
        }
        return undefined;
    }
}

export class ToneGraphRenderer extends GraphRenderer {
    /** @override */
    getBarChartData() {
        const data = super.getBarChartData();
        for (const dataset of data.datasets) {
            if (dataset.tone) {
                dataset.backgroundColor = dataset.tone.color;
            } else if (dataset.tones && dataset.tones.some(Boolean)) {
                const usual = dataset.backgroundColor;
                dataset.backgroundColor = Array.from(dataset.tones, (tone) =>
                    tone ? tone.color : usual
                );
            }
        }
        return data;
    }

    /** @override */
    getLineChartData() {
        const data = super.getLineChartData();
        for (const dataset of data.datasets.filter((row) => row.tone)) {
            const color = dataset.tone.color;
            dataset.borderColor = color;
            dataset.backgroundColor = `${color}55`;
            dataset.hoverBackgroundColor = color;
            dataset.pointBackgroundColor = color;
        }
        return data;
    }

    /** @override */
    getPieChartData() {
        const data = super.getPieChartData();
        for (const dataset of data.datasets.filter((row) => row.tones)) {
            const colors = dataset.backgroundColor.map((usual, index) =>
                dataset.tones[index] ? dataset.tones[index].color : usual
            );
            dataset.backgroundColor = colors;
            dataset.hoverBackgroundColor = colors;
        }
        return data;
    }
}

/** A graph whose colors say what the values mean: late is red, satisfied is green. */
export const toneGraphView = {
    ...graphView,
    Model: ToneGraphModel,
    Renderer: ToneGraphRenderer,
};

registry.category("views").add("cchc_tone_graph", toneGraphView);
