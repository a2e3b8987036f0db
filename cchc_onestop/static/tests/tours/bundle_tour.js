import {registry} from "@web/core/registry";

/**
 * A group of interlinked procedures: chosen like a procedure (2), the applicant given
 * once (1), the papers ticked once (1), accepted once (1), then followed.
 */
registry.category("web_tour.tours").add("cchc_desk_receives_group", {
    steps: () => [
        {
            trigger: ".o_field_widget[name=procedure_id] input",
            run: "edit lien thong thu",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Liên thông thử)",
            run: "click",
        },
        {
            content: "Every part shows its agency before anything is accepted",
            trigger:
                ".o_field_widget[name=group_line_ids] .o_data_row:contains(Thường trú) td[name=agency_name]:contains(UBND xã Hải Lăng)",
        },
        {
            trigger:
                ".o_field_widget[name=group_line_ids] .o_data_row:contains(Khai sinh) td[name=planned_due_at]:contains(/2)",
        },
        {
            trigger: ".o_field_widget[name=applicant_identity] input",
            run: "edit 045190000123 && press Tab",
        },
        {trigger: ".o_field_widget[name=applicant_name] input:value(Nguyễn Thị Hoa)"},
        {trigger: ".o_field_widget[name=all_received] input", run: "click"},
        {trigger: "button[name=action_accept]", run: "click"},
        {trigger: ".o_field_widget[name=name]:contains(H50.21-)"},
        {trigger: "button[name=action_open_bundle]", run: "click"},
        {
            trigger:
                ".cchc_bundle:contains(Khai sinh):contains(Thường trú):contains(Thẻ BHYT)",
        },
        {
            trigger:
                ".o_field_widget[name=line_ids] .o_data_row:contains(Khai sinh) .badge.text-bg-info",
        },
    ],
});

registry.category("web_tour.tours").add("cchc_desk_follows_group", {
    steps: () => [
        {
            trigger: ".o_data_row .cchc_bundle:contains(Thẻ BHYT)",
            run: "click",
        },
        {
            content: "The first result is given back while the others go on",
            trigger:
                ".o_field_widget[name=line_ids] .o_data_row:contains(Khai sinh) button[name=action_return_result]",
            run: "click",
        },
        {
            trigger:
                ".o_field_widget[name=line_ids] .o_data_row:contains(Khai sinh):not(:has(button[name=action_return_result]))",
        },
        {
            trigger:
                ".o_field_widget[name=line_ids] .o_data_row:contains(Thẻ BHYT) button[name=action_external_result]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=external_code] input",
            run: "edit BH-2026-1",
        },
        {trigger: ".modal button[name=action_confirm]", run: "click"},
        {
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=line_ids] .o_data_row:contains(Thẻ BHYT) td[name=external_code]:contains(BH-2026-1)",
        },
        {trigger: "button[name=action_return_results]", run: "click"},
        {
            trigger:
                ".o_statusbar_status button.o_arrow_button_current[data-value=returned]",
        },
    ],
});
