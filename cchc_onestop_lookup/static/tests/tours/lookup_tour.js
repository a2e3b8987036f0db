import {registry} from "@web/core/registry";

/** Choose what is decided on a line of the answer: 1 take over, 2 the register is wrong. */
function decide(data, choice) {
    const line = `:has(td[name=name]:contains(/^${data}$/))`;
    return [
        {
            content: `The line ${data}`,
            trigger: `.modal .o_data_row${line} td[name=decision]`,
            run: "click",
        },
        {
            content: "The line before it may be busy still",
            trigger: `.modal .o_selected_row${line} td[name=decision] .o_select_menu_toggler`,
            run: "click",
        },
        {
            trigger: `.o_field_selection_menu .o_select_menu_item:eq(${choice})`,
            run: "click",
        },
    ];
}

registry.category("web_tour.tours").add("cchc_lookup_tour", {
    steps: () => [
        {
            content: "More room than buttons: they may stand behind More",
            trigger: ".o_form_view",
        },
        {
            trigger: ".o_notebook_headers a[name=documents]",
            run: "click",
        },
        {
            content: "A part of the register was not looked up yet",
            trigger: ".alert-warning button[name=action_lookup]",
            run: "click",
        },
        {
            content: "Number, register and purpose are filled in",
            trigger: ".modal .o_field_widget[name=key] input:value(045190000123)",
        },
        {trigger: ".modal button[name=action_ask]", run: "click"},
        {
            content: "The answer with its source",
            trigger:
                ".modal .o_field_widget[name=source]:contains(Cơ sở dữ liệu quốc gia về dân cư)",
        },
        {
            trigger: ".modal button[name=action_settle]",
            run: "click",
        },
        ...decide("Số CMND cũ", 1),
        ...decide("Họ tên vợ hoặc chồng", 2),
        {
            trigger: ".modal .o_selected_row td[name=on_paper] input",
            run: "edit Trần Văn Hạnh",
        },
        {
            content: "Leaving the line asks for the evidence",
            trigger: ".modal .modal-body p.text-muted",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=evidence] input",
            run: "edit Giấy chứng nhận kết hôn số 15",
        },
        {trigger: ".modal button[name=action_confirm]", run: "click"},
        {
            content: "The discrepancy stands below the answer",
            trigger:
                ".modal .o_field_widget[name=discrepancy_ids] .o_data_row:contains(Trần Văn Hạnh)",
        },
    ],
});
