import {registry} from "@web/core/registry";

/** What lasts one day stands in the calendar although nobody typed its last day. */
registry.category("web_tour.tours").add("cchc_reform_officer_reads_calendar", {
    steps: () => [
        {trigger: ".o_switch_view.o_calendar", run: "click"},
        {trigger: ".o_calendar_view .fc-event:contains(Kiểm tra một ngày)"},
        {trigger: ".o_calendar_view .fc-event:contains(Kiểm tra nhiều ngày)"},
    ],
});
