import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** Wait until the call screen, asked as the television asks, shows a number. */
async function onScreen(ticket) {
    const screen = await (await fetch("/cchc_tour/screen.txt")).text();
    for (let count = 0; count < 50; count++) {
        const answer = await (await fetch(`${screen}/tiep`)).json();
        if (answer.calls.some((call) => call.ticket === ticket)) {
            return;
        }
        await new Promise((done) => setTimeout(done, 200));
    }
    throw new Error(`${ticket} is not on the call screen`);
}

/** Calls the number taken at the kiosk, receives a dossier from it, ends it. */
tours.add("cchc_queue_desk", {
    steps: () => [
        {trigger: ".o_cchc_counter", run: "click"},
        {trigger: ".dropdown-item:contains(Quầy 1)", run: "click"},
        {trigger: ".o_cchc_waiting:contains(A001)"},
        {trigger: ".o_cchc_next:enabled", run: "click"},
        {trigger: ".o_cchc_number:contains(A001)", run: () => onScreen("A001")},
        {trigger: ".o_cchc_recall:enabled", run: "click"},
        {trigger: ".o_cchc_now[data-state=called] .card-body:contains(2)"},
        {trigger: ".o_cchc_receive:enabled", run: "click"},
        {
            trigger: ".o_field_widget[name=procedure_id] input",
            run: "edit 9.800001",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Xác nhận thử nghiệm)",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=applicant_name] input",
            run: "edit Lê Thị Có Số && press Tab",
        },
        {trigger: ".o_field_widget[name=all_received] input", run: "click"},
        {trigger: "button[name=action_accept]", run: "click"},
        {trigger: "button[name=action_finish_ticket]", run: "click"},
        {trigger: ".o_cchc_now[data-state=free]"},
    ],
});

/** Makes the week from the usual one, reports somebody absent. */
tours.add("cchc_queue_roster", {
    steps: () => [
        {trigger: "button.o_switch_view.o_list", run: "click"},
        {trigger: ".o_list_view"},
        {trigger: "[data-menu-xmlid='cchc_onestop.menu_dossiers']", run: "click"},
        {
            trigger: "[data-menu-xmlid='cchc_onestop_queue.menu_roster_week']",
            run: "click",
        },
        {trigger: ".modal button[name=action_generate]", run: "click"},
        {trigger: "button.o_switch_view.o_list", run: "click"},
        {trigger: ".o_data_row:last .o_data_cell[name=date]", run: "click"},
        {trigger: "button[name=action_report_absent]", run: "click"},
        {
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit Họp đột xuất",
        },
        {trigger: ".modal button[name=action_confirm]", run: "click"},
        {trigger: ".o_arrow_button_current[data-value=substitute]"},
        {
            trigger:
                ".o_field_widget[name=present_id]:contains(Reserve), " +
                ".o_field_widget[name=present_id] input:value(Reserve)",
        },
    ],
});
