/**
 * Walks every menu of apps, each kind of view, the search menu, a form of each and its
 * pages, and collects what a person can read there. Each filter of our own apps is
 * clicked in each kind of view. Whatever fails to open ends the walk.
 */

import {App} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {rpcBus} from "@web/core/network/rpc";

export const SUCCESS = "walk: all in Vietnamese";

const ATTRIBUTES = ["placeholder", "title", "data-tooltip", "aria-label", "alt"];
const WORDS = /\b(the|of|is|are|and|for|with|not|this|that|from|to|has|must)\b/gi;
const VIETNAMESE =
    /[àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ]/i;

/** Looks in a row that find nothing going on before the screen is at rest. */
const QUIET_LOOKS = 2;
const MILLISECONDS_BETWEEN_LOOKS = 8;
const PATIENCE = 60000;

const pending = new Set();
const seen = new Map();
const opened = new Set();
const count = {menus: 0, views: 0, filters: 0, forms: 0, pages: 0, dialogs: 0};
let place = "";

function listen() {
    rpcBus.addEventListener("RPC:REQUEST", ({detail}) => pending.add(detail.data.id));
    rpcBus.addEventListener("RPC:RESPONSE", ({detail}) =>
        pending.delete(detail.data.id)
    );
}

/** What the views of the document app warn about themselves is not ours to mend. */
function passOverWarningsOfOthers() {
    const warn = console.warn;
    console.warn = (...parts) => {
        if (!place.startsWith("dms.")) {
            warn.apply(console, parts);
        }
    };
}

function pause(milliseconds) {
    return new Promise((resolve) => browser.setTimeout(resolve, milliseconds));
}

/** Whether the server owes an answer or a component is not drawn yet. */
function isBusy() {
    return pending.size || [...App.apps].some((app) => app.scheduler.tasks.size);
}

function failOnErrorDialog() {
    const dialog = document.querySelector(".o_error_dialog");
    if (dialog) {
        throw new Error(`${place}: ${dialog.innerText}`);
    }
}

/** Waits until the condition holds and nothing was going on for a moment. */
async function settle(condition = () => true) {
    const deadline = performance.now() + PATIENCE;
    for (let quiet = 0; quiet < QUIET_LOOKS;) {
        if (performance.now() > deadline) {
            throw new Error(`${place}: the screen does not come to rest`);
        }
        await pause(MILLISECONDS_BETWEEN_LOOKS);
        failOnErrorDialog();
        quiet = isBusy() || !condition() ? 0 : quiet + 1;
    }
}

function note(text) {
    const words = (text || "").replace(/\s+/g, " ").trim();
    if (words && !seen.has(words)) {
        seen.set(words, place);
    }
}

/** Keeps each text and attribute that is visible now. */
function read() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (["SCRIPT", "STYLE"].includes(node.tagName)) {
            continue;
        }
        if (!node.checkVisibility() && node.tagName !== "OPTION") {
            continue;
        }
        // The dot beside a person's picture is drawn by Odoo's discussions.
        if (node.closest(".o-mail-ImStatus")) {
            continue;
        }
        for (const name of ATTRIBUTES) {
            note(node.getAttribute(name));
        }
        for (const child of node.childNodes) {
            if (child.nodeType === Node.TEXT_NODE) {
                note(child.nodeValue);
            }
        }
    }
}

async function click(element) {
    element.click();
    await settle();
    read();
}

function find(selector) {
    return [...document.querySelectorAll(selector)].find((element) =>
        element.checkVisibility()
    );
}

/** Opens the search menu, runs what is given and closes the menu again. */
async function inSearchMenu(work) {
    const toggler = find(".o_searchview_dropdown_toggler");
    if (toggler) {
        await click(toggler);
        await work();
        toggler.click();
        await settle();
    }
}

/**
 * Clicks each filter, of those of a day the first choice: one after another, or all at
 * once, after which the view is loaded with all of them.
 */
async function clickFilters(oneByOne) {
    const filters = [
        ...document.querySelectorAll(
            ".o_filter_menu > .o_menu_item:not(.o_add_custom_filter), " +
                ".o_filter_menu > .o_accordion"
        ),
    ];
    if (!filters.length) {
        return;
    }
    const unfold = filters
        .map((filter) => filter.querySelector(".o_accordion_toggle"))
        .filter(Boolean);
    unfold.forEach((toggle) => toggle.click());
    await settle();
    for (const filter of filters) {
        const choice = filter.querySelector(".o_accordion_values > .dropdown-item");
        (choice || filter).click();
        if (oneByOne) {
            await settle();
        }
        count.filters++;
    }
    await settle();
    read();
}

/** What the search is narrowed to and grouped by. */
function facets() {
    return [...document.querySelectorAll(".o_searchview_facet")]
        .map((facet) => facet.innerText)
        .join("\n");
}

async function readForm() {
    read();
    for (const tab of document.querySelectorAll(".o_notebook_headers .nav-link")) {
        if (tab.checkVisibility()) {
            await click(tab);
            count.pages++;
        }
    }
    const cog = find(
        ".o_control_panel .o_cp_action_menus button, .o_cp_action_menus i"
    );
    if (cog) {
        await click(cog);
        cog.click();
        await settle();
    }
}

async function leaveForm() {
    const discard = find(".o_form_button_cancel");
    if (discard) {
        discard.click();
        await settle();
    }
}

async function closeDialogs() {
    for (let tries = 0; tries < 5; tries++) {
        const close = find(".modal .btn-close, .modal .o_form_button_cancel");
        if (!close) {
            return;
        }
        close.click();
        await settle();
        count.dialogs++;
    }
}

async function openForm() {
    // The grey rows of an empty view are no records.
    const record =
        !find(".o_view_sample_data") &&
        find(
            ".o_list_view .o_data_row .o_data_cell, " +
                ".o_kanban_view .o_kanban_record:not(.o_kanban_ghost)"
        );
    const create = find(".o_list_button_add, .o-kanban-button-new");
    for (const target of [record, create]) {
        if (target && target.isConnected) {
            target.click();
            await settle();
            break;
        }
    }
    if (find(".o_form_view")) {
        count.forms++;
        await readForm();
        await leaveForm();
    }
    await closeDialogs();
}

function viewKinds() {
    return [...document.querySelectorAll(".o_cp_switch_buttons .o_switch_view")]
        .map((button) =>
            [...button.classList].find(
                (name) =>
                    name.startsWith("o_") && !["o_switch_view", "o_map"].includes(name)
            )
        )
        .filter(Boolean);
}

async function switchTo(kind) {
    const selector = `.o_cp_switch_buttons .o_switch_view.${kind}`;
    if (!find(`${selector}.active`)) {
        find(selector).click();
        await settle(() => find(`${selector}.active`));
    }
}

/** Opens what a menu opens, as it is before anybody searches. */
async function open(menu) {
    await menus().selectMenu(menu);
    await settle();
}

/**
 * Reads each kind of view as the menu opens it. Where filters are clicked, a second
 * view takes over those of the first and clicks them off again; a view that was never
 * as the menu opens it is opened once more.
 */
async function readViews(menu, withFilters) {
    const unsearched = facets();
    const kinds = viewKinds();
    const unread = [];
    for (const [index, kind] of (kinds.length ? kinds : [null]).entries()) {
        if (kind) {
            await switchTo(kind);
            count.views++;
        }
        const before = facets();
        read();
        await inSearchMenu(() => withFilters && clickFilters(index === 0));
        if (before !== unsearched && facets() !== unsearched) {
            unread.push(kind);
        }
    }
    for (const kind of unread) {
        await open(menu);
        await switchTo(kind);
        read();
    }
    if (kinds.length || facets() !== unsearched) {
        await open(menu);
    }
}

/** Reads the names of the menus as they stand above the first screen of an app. */
async function readMenus() {
    for (const toggle of document.querySelectorAll(
        ".o_menu_sections .dropdown-toggle"
    )) {
        await click(toggle);
        toggle.click();
        await settle();
    }
}

function menus() {
    return odoo.__WOWL_DEBUG__.root.env.services.menu;
}

function* leaves(menu) {
    if (menu.actionID) {
        yield menu;
    }
    for (const child of menu.childrenTree || []) {
        yield* leaves(child);
    }
}

/** What is English of all that was read, each with the menu where it stood. */
function english(terms, others) {
    const sources = new Set(terms);
    const known = new Set(others);
    return [...seen].filter(([text]) => {
        if (sources.has(text)) {
            return true;
        }
        const words = new Set((text.match(WORDS) || []).map((w) => w.toLowerCase()));
        return words.size > 1 && !VIETNAMESE.test(text) && !known.has(text);
    });
}

/** What Odoo's own addons say in English, for whoever looks what to carry next. */
function leftToOdoo(others) {
    const known = new Set(others);
    return [...seen].filter(([text]) => known.has(text) && !VIETNAMESE.test(text));
}

/**
 * @param {String[]} addons whose apps are walked
 * @param {String[]} terms source terms of our addons and OCA's that have a Vietnamese
 * @param {String[]} others terms of other addons, which are not ours to translate
 */
export async function walk(addons, terms, others) {
    listen();
    passOverWarningsOfOthers();
    const apps = menus()
        .getApps()
        .filter((app) => addons.includes(app.xmlid.split(".")[0]));
    for (const app of apps) {
        for (const menu of leaves(menus().getMenuAsTree(app.id))) {
            // An app opens its first menu; OCA's apps open much that ours do.
            if (opened.has(menu.actionID)) {
                continue;
            }
            opened.add(menu.actionID);
            place = menu.xmlid;
            browser.console.log(`walk: ${place}`);
            await open(menu);
            read();
            if (menu.id === app.id) {
                await readMenus();
            }
            if (find(".modal")) {
                await closeDialogs();
            } else {
                await readViews(menu, app.xmlid.startsWith("cchc_"));
                await openForm();
                await closeDialogs();
            }
            count.menus++;
        }
    }
    for (const [text, where] of leftToOdoo(others)) {
        browser.console.log(`walk: Odoo's own: ${JSON.stringify(text)} (${where})`);
    }
    const found = english(terms, others);
    const missing = addons.filter(
        (addon) => !apps.some((app) => app.xmlid.startsWith(`${addon}.`))
    );
    if (!count.menus || missing.length) {
        browser.console.error(`walk: no menu of ${missing} was found`);
    } else if (found.length) {
        browser.console.error(
            `walk: ${found.length} English texts: ` +
                found
                    .map(([text, where]) => `${JSON.stringify(text)} (${where})`)
                    .join("; ")
        );
    } else {
        const parts = Object.entries({...count, texts: seen.size});
        browser.console.log(`walk: ${parts.map((part) => part.join(" ")).join(", ")}`);
        browser.console.log(SUCCESS);
    }
}
