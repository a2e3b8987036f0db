import {CalendarModel} from "@web/views/calendar/calendar_model";
import {calendarView} from "@web/views/calendar/calendar_view";
import {registry} from "@web/core/registry";

/**
 * A calendar of spans whose last day may be empty: what lasts one day, or has no end
 * yet, stands on its first day. Odoo's own calendar leaves such records out.
 */
export class SpanCalendarModel extends CalendarModel {
    computeRangeDomain(data) {
        const domain = super.computeRangeDomain(data);
        const {date_start: first, date_stop: last} = this.meta.fieldMapping;
        if (!last) {
            return domain;
        }
        const [begun, [, , start]] = domain;
        return [
            begun,
            "|",
            [last, ">=", start],
            "&",
            [last, "=", false],
            [first, ">=", start],
        ];
    }

    normalizeRecord(rawRecord) {
        const {date_start: first, date_stop: last} = this.meta.fieldMapping;
        if (last && !rawRecord[last]) {
            return super.normalizeRecord({...rawRecord, [last]: rawRecord[first]});
        }
        return super.normalizeRecord(rawRecord);
    }
}

registry.category("views").add("cchc_span_calendar", {
    ...calendarView,
    Model: SpanCalendarModel,
});
