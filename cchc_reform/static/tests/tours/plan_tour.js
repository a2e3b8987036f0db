import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const ROW = ".o_field_widget[name=task_ids] .o_selected_row";

/** The reform officer drafts a plan with one task and submits it. */
tours.add("cchc_reform_officer_makes_plan", {
    steps: () => [
        {
            trigger: ".o_field_widget[name=name] textarea",
            run: "edit Kế hoạch CCHC của chuyến đi",
        },
        {
            trigger: ".o_field_widget[name=task_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: `${ROW} .o_field_widget[name=area_id] input`,
            run: "edit Cải cách thể chế",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Cải cách thể chế)",
            run: "click",
        },
        {
            trigger: `${ROW} .o_field_widget[name=name] input`,
            run: "edit Rà soát văn bản",
        },
        {
            trigger: `${ROW} .o_field_widget[name=lead_department_id] input`,
            run: "edit Văn phòng của chuyến đi",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(của chuyến đi)",
            run: "click",
        },
        {trigger: ".o_form_button_save:enabled", run: "click"},
        {
            content: "The task has its number",
            trigger: ".o_field_widget[name=task_ids] .o_data_row:contains(I.1)",
        },
        {trigger: "button[name=action_submit]", run: "click"},
        {trigger: ".o_form_view .alert-warning[role=status]"},
    ],
});

/** A leader approves it. */
tours.add("cchc_reform_leader_approves_plan", {
    steps: () => [
        {trigger: "button[name=validate_tier]", run: "click"},
        {trigger: ".o_arrow_button_current[data-value=approved]"},
    ],
});

/** Somebody of the department reports that the task is done. */
tours.add("cchc_reform_member_reports_progress", {
    steps: () => [
        {trigger: "button[name=action_report]", run: "click"},
        {
            trigger: ".modal .o_field_widget[name=text] textarea",
            run: "edit Đã rà soát xong",
        },
        {
            trigger: ".modal .o_field_widget[name=outcome] input[data-value=done]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=product_text] input",
            run: "edit Báo cáo số 15/BC-UBND",
        },
        {trigger: ".modal .o_form_button_save", run: "click"},
        {trigger: ".o_arrow_button_current[data-value=done]"},
        {
            content: "The entry is kept with its product",
            trigger:
                ".o_field_widget[name=progress_ids] .o_data_row:contains(15/BC-UBND)",
        },
    ],
});

/** The officer has the quarterly report collect its figures. */
tours.add("cchc_reform_officer_collects_report", {
    steps: () => [
        {trigger: "button[name=action_collect]", run: "click"},
        {
            content: "With its figures the report can be submitted",
            trigger: "button[name=action_submit]",
        },
        {trigger: "button[name=action_pdf]:enabled"},
    ],
});

/** An officer begins an adjustment of the plan from a task. */
tours.add("cchc_reform_officer_adjusts_task", {
    steps: () => [
        {trigger: "button[name=action_adjust]", run: "click"},
        {
            trigger: ".o_field_widget[name=authority] input",
            run: "edit 12/TB-UBND",
        },
        {
            trigger: ".o_field_widget[name=authority_date] input",
            run: "edit 02/05/2026",
        },
        {
            trigger: ".o_field_widget[name=reason] textarea",
            run: "edit Sắp xếp lại bộ máy",
        },
        {
            trigger: ".o_field_widget[name=line_ids] .o_data_row td[name=task_id]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=product] input",
            run: "edit Báo cáo tổng hợp",
        },
        {trigger: ".modal .o_form_button_save", run: "click"},
        {trigger: "body:not(:has(.modal)) .o_form_button_save", run: "click"},
        {trigger: ".o_form_view .o_form_saved"},
    ],
});

/** Colors say what a stage means: completed is green, nothing begun is grey. */
tours.add("cchc_reform_colors_of_stages", {
    steps: () => [
        {
            content: "The chart of tasks by area and stage is drawn",
            trigger: ".o_graph_canvas_container canvas",
            async run({anchor}) {
                const drawn = () => window.Chart && window.Chart.getChart(anchor);
                while (!drawn()) {
                    await new Promise((resolve) => setTimeout(resolve, 50));
                }
                const found = drawn()
                    .data.datasets.filter((row) => row.stack === "")
                    .map((row) => row.backgroundColor)
                    .join("; ");
                const wanted = "#0E8270; #A4A8B6";
                if (found !== wanted) {
                    throw new Error(`${found} instead of ${wanted}`);
                }
            },
        },
    ],
});
