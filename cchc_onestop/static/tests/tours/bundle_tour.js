import {registry} from "@web/core/registry";

const PARTS = ".o_field_widget[name=line_ids] .o_data_row";

/**
 * A national group: chosen like a procedure (2), the applicant given once (1), the
 * papers ticked once (1), accepted once (1); then its fees are paid once (2).
 */
registry.category("web_tour.tours").add("cchc_desk_receives_group", {
    steps: () => [
        {
            trigger: ".o_field_widget[name=procedure_id] input",
            run: "edit 3.000722",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(3.000722)",
            run: "click",
        },
        {
            content: "Every part shows its agency before anything is accepted",
            trigger:
                ".o_field_widget[name=group_line_ids] .o_data_row:contains(Đăng ký thường trú) td[name=agency_name]:contains(UBND xã Hải Trường)",
        },
        {
            trigger:
                ".o_field_widget[name=group_line_ids] .o_data_row:contains(Đăng ký khai sinh) td[name=planned_due_at]:contains(/2)",
        },
        {
            trigger: ".o_field_widget[name=applicant_identity] input",
            run: "edit 045190000123 && press Tab",
        },
        {trigger: ".o_field_widget[name=applicant_name] input:value(Nguyễn Thị Hoa)"},
        {trigger: ".o_field_widget[name=all_received] input", run: "click"},
        {trigger: "button[name=action_accept]", run: "click"},
        {trigger: ".o_field_widget[name=name]:contains(H50.21-)"},
        {
            content: "One payment of what this agency collects for the whole group",
            trigger: "button[name=action_collect_fees]",
            run: "click",
        },
        {trigger: ".o_field_widget[name=payer_name] input:value(Nguyễn Thị Hoa)"},
        {
            trigger: `${PARTS}:contains(Đăng ký khai sinh)`,
        },
        {
            trigger: `${PARTS}:contains(Đăng ký thường trú)`,
        },
        {
            content: "What another body collects is not in it",
            trigger: ".o_field_widget[name=line_ids]:not(:contains(Lệ phí khác))",
        },
        {
            trigger:
                ".o_field_widget[name=amount_words]:contains(Hai mươi tám nghìn đồng)",
        },
        {trigger: "button[name=action_pay]", run: "click"},
        {
            trigger:
                ".o_statusbar_status button.o_arrow_button_current[data-value=paid]",
        },
        {trigger: "button[name=action_view_receipts]", run: "click"},
        {trigger: ".o_data_row td[name=number_text]:contains(00000001)", run: "click"},
        {trigger: ".o_field_widget[name=line_ids] .o_data_row:eq(1)"},
        {trigger: ".o_field_widget[name=total_words]:contains(Hai mươi tám nghìn)"},
    ],
});

registry.category("web_tour.tours").add("cchc_desk_follows_group", {
    steps: () => [
        {
            trigger: ".o_data_row .cchc_bundle:contains(Cấp thẻ bảo hiểm y tế)",
            run: "click",
        },
        {
            content: "The first result is given back while the others go on",
            trigger: `${PARTS}:contains(Đăng ký khai sinh) button[name=action_return_result]`,
            run: "click",
        },
        {
            trigger: `${PARTS}:contains(Đăng ký khai sinh):not(:has(button[name=action_return_result]))`,
        },
        {
            trigger: `${PARTS}:contains(Cấp thẻ bảo hiểm y tế) button[name=action_external_result]`,
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=external_code] input",
            run: "edit BH-2026-1",
        },
        {trigger: ".modal button[name=action_confirm]", run: "click"},
        {
            trigger: `body:not(:has(.modal)) ${PARTS}:contains(Cấp thẻ bảo hiểm y tế) td[name=external_code]:contains(BH-2026-1)`,
        },
        {trigger: "button[name=action_return_results]", run: "click"},
        {
            trigger:
                ".o_statusbar_status button.o_arrow_button_current[data-value=returned]",
        },
    ],
});
