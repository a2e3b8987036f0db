import {Component} from "@odoo/owl";
import {formatFloat} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const LEFT = 40;
const RIGHT = 12;
const TOP = 16;
const BOTTOM = 24;
/** Room that the name of a period takes under the line. */
const LABEL_WIDTH = 78;

/** A figure over its periods with the target that it is judged by. */
export class TrendField extends Component {
    static template = "cchc_iso.TrendField";
    static props = {
        ...standardFieldProps,
        width: {type: Number, optional: true},
        height: {type: Number, optional: true},
    };
    static defaultProps = {width: 600, height: 170};

    get left() {
        return LEFT;
    }

    get right() {
        return this.props.width - RIGHT;
    }

    get data() {
        return JSON.parse(this.props.record.data[this.props.name] || "{}");
    }

    /** Points of the drawing; a period that is still running is not filled. */
    get drawing() {
        const {points = [], target, direction, unit} = this.data;
        if (!points.length) {
            return null;
        }
        const values = [...points.map((point) => point.value), target];
        let low = Math.min(...values);
        let high = Math.max(...values);
        const room = (high - low || Math.abs(high) || 1) * 0.15;
        low = low >= 0 ? Math.max(0, low - room) : low - room;
        high = unit === "%" && high <= 100 ? Math.min(100, high + room) : high + room;
        const span = high - low || 1;
        const height = this.props.height - TOP - BOTTOM;
        const y = (value) => TOP + ((high - value) / span) * height;
        const width = this.right - LEFT;
        const step = points.length > 1 ? width / (points.length - 1) : 0;
        const every = Math.ceil((points.length * LABEL_WIDTH) / (width + LABEL_WIDTH));
        const drawn = points.map((point, index) => ({
            ...point,
            x: points.length > 1 ? LEFT + index * step : LEFT + width / 2,
            y: y(point.value),
            named: (points.length - 1 - index) % every === 0,
            anchor: this.anchor(index, points.length),
        }));
        // The target is named on the side where no point is in its way.
        const away = (point) => Math.abs(point.y - y(target));
        const last = drawn[drawn.length - 1];
        const atEnd = drawn.length === 1 || away(last) > away(drawn[0]);
        return {
            points: drawn,
            line: drawn.map((point) => `${point.x},${point.y}`).join(" "),
            target: {
                y: y(target),
                x: atEnd ? this.right : LEFT + 4,
                anchor: atEnd ? "end" : "start",
                text: `${direction === "at_most" ? "≤" : "≥"} ${this.number(target)}`,
            },
            high: {y: y(high), text: this.number(high)},
            low: {y: y(low), text: this.number(low)},
        };
    }

    anchor(index, count) {
        if (count === 1) {
            return "middle";
        }
        if (index === 0) {
            return "start";
        }
        return index === count - 1 ? "end" : "middle";
    }

    number(value) {
        return formatFloat(value, {digits: [16, 1], trailingZeros: false});
    }

    get description() {
        return this.data.points
            .map((point) => `${point.label}: ${point.shown}`)
            .join("; ");
    }
}

registry.category("fields").add("cchc_iso_trend", {
    component: TrendField,
    supportedTypes: ["text"],
    extractProps: ({options}) => ({width: options.width, height: options.height}),
});
