import {registry} from "@web/core/registry";

/** Choose the workbook that the test keeps at `url` in the field `name`. */
function upload(name, url) {
    return {
        trigger: `.o_field_widget[name=${name}]`,
        async run() {
            const content = await (await fetch(url)).blob();
            const transfer = new DataTransfer();
            transfer.items.add(new File([content], url.split("/").pop()));
            const input = this.anchor.querySelector("input[type=file]");
            input.files = transfer.files;
            input.dispatchEvent(new Event("change", {bubbles: true}));
        },
    };
}

/** A decision with its list: looked at, applied, its posting list opened. */
registry.category("web_tour.tours").add("cchc_decision_is_applied", {
    steps: () => [
        {
            trigger: ".o_field_widget[name=number] input",
            run: "edit 900/QĐ-UBND",
        },
        {
            trigger: ".o_field_widget[name=date] input",
            run: "edit +0d && press Tab",
        },
        {
            trigger: ".o_field_widget[name=issuer] input",
            run: "edit Chủ tịch UBND tỉnh && press Tab",
        },
        upload("file", "/cchc_tour/danh-muc.xlsx"),
        {trigger: ".o_field_widget[name=file] input:value(danh-muc.xlsx)"},
        {trigger: "button[name=action_preview]", run: "click"},
        {
            trigger: ".o_data_row:contains(9.810002) td[name=open_count]:contains(1)",
        },
        {trigger: ".o_field_widget[name=faulty_count]:contains(0)"},
        {
            trigger: ".o_data_row:contains(9.810001) td[name=summary]",
            run: "click",
        },
        {trigger: ".modal .o_field_widget[name=table] table"},
        {trigger: ".modal .o_form_button_cancel, .modal .btn-close", run: "click"},
        {
            trigger: "body:not(:has(.modal)) button[name=action_dry_run]",
            run: "click",
        },
        {trigger: ".alert-info .o_field_widget[name=message]"},
        {trigger: "button[name=action_import]", run: "click"},
        {trigger: ".modal-footer .btn-primary", run: "click"},
        {trigger: "button[name=action_open_decision]", run: "click"},
        {
            trigger:
                ".o_statusbar_status button.o_arrow_button_current[data-value=applied]",
        },
        {trigger: "button[name=action_open_postings]", run: "click"},
        {trigger: ".o_list_view .o_data_row:eq(3)"},
    ],
});

/** Old dossiers: good and bad rows are read, the trial is asked for. */
registry.category("web_tour.tours").add("cchc_move_in_looks", {
    steps: () => [
        {trigger: ".o_list_button_add", run: "click"},
        upload("file", "/cchc_tour/ho-so-cu.xlsx"),
        {trigger: ".o_field_widget[name=file] input:value(ho-so-cu.xlsx)"},
        {trigger: "button[name=action_preview]", run: "click"},
        {trigger: ".o_field_widget[name=new_count]:contains(2)"},
        {trigger: ".o_field_widget[name=faulty_count]:contains(1)"},
        {trigger: "button[name=action_error_file]"},
        {trigger: "button[name=action_lines]", run: "click"},
        {trigger: ".o_group_header:eq(0) .o_group_name", run: "click"},
        {trigger: ".o_data_row td[name=reason]:contains(Ngày tiếp nhận)"},
        {trigger: ".o_back_button", run: "click"},
        {trigger: "button[name=action_dry_run]", run: "click"},
        {trigger: "button[name=action_job]"},
    ],
});

/** The trial has ended: the import itself is asked for. */
registry.category("web_tour.tours").add("cchc_move_in_imports", {
    steps: () => [
        {trigger: ".o_data_row:eq(0) td[name=name]", run: "click"},
        {trigger: ".alert-info .o_field_widget[name=message]"},
        {trigger: "button[name=action_import]", run: "click"},
        {trigger: ".modal-footer .btn-primary", run: "click"},
        {trigger: "body:not(:has(.modal)) button[name=action_job]"},
    ],
});

/** The same file once more: nothing is left to import. */
registry.category("web_tour.tours").add("cchc_move_in_again", {
    steps: () => [
        {trigger: ".o_data_row:eq(0) td[name=imported_count]:contains(2)"},
        {trigger: ".o_list_button_add", run: "click"},
        upload("file", "/cchc_tour/ho-so-cu.xlsx"),
        {trigger: ".o_field_widget[name=file] input:value(ho-so-cu.xlsx)"},
        {trigger: "button[name=action_preview]", run: "click"},
        {trigger: ".o_field_widget[name=unchanged_count]:contains(2)"},
        {trigger: "body:not(:has(button[name=action_import]))"},
    ],
});
