/**
 * Walks every menu of apps, each kind of view, the search menu, a form of each and its
 * pages, and collects what a person can read there.
 */

import {browser} from "@web/core/browser/browser";
import {rpcBus} from "@web/core/network/rpc";

export const SUCCESS = "walk: all in Vietnamese";

const ATTRIBUTES = ["placeholder", "title", "data-tooltip", "aria-label", "alt"];
const WORDS = /\b(the|of|is|are|and|for|with|not|this|that|from|to|has|must)\b/gi;
const VIETNAMESE =
    /[àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ]/i;

const pending = new Set();
const seen = new Map();
let place = "";

function listen() {
    rpcBus.addEventListener("RPC:REQUEST", ({detail}) => pending.add(detail.data.id));
    rpcBus.addEventListener("RPC:RESPONSE", ({detail}) =>
        pending.delete(detail.data.id)
    );
}

function pause(milliseconds) {
    return new Promise((resolve) => browser.setTimeout(resolve, milliseconds));
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

/** Waits until nothing was asked of the server for a moment. */
async function settle() {
    let quiet = 0;
    for (let tries = 0; quiet < 4; tries++) {
        if (tries > 600) {
            throw new Error(`${place}: the screen does not come to rest`);
        }
        await pause(50);
        quiet = pending.size ? 0 : quiet + 1;
    }
    await new Promise((resolve) => requestAnimationFrame(resolve));
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

async function readSearchMenu() {
    const toggler = find(".o_searchview_dropdown_toggler");
    if (toggler) {
        await click(toggler);
        toggler.click();
        await settle();
    }
}

async function readForm() {
    read();
    for (const tab of document.querySelectorAll(".o_notebook_headers .nav-link")) {
        if (tab.checkVisibility()) {
            await click(tab);
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
        await readForm();
        await leaveForm();
    }
    await closeDialogs();
}

async function readViews() {
    const kinds = [...document.querySelectorAll(".o_cp_switch_buttons .o_switch_view")]
        .map((button) =>
            [...button.classList].find(
                (name) => name.startsWith("o_") && name !== "o_switch_view"
            )
        )
        .filter(Boolean);
    for (const kind of kinds) {
        const button = find(`.o_cp_switch_buttons .o_switch_view.${kind}`);
        if (button) {
            await click(button);
        }
    }
    const first = kinds[0] && find(`.o_cp_switch_buttons .o_switch_view.${kinds[0]}`);
    if (first) {
        await click(first);
    }
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
    const {menu: menus} = odoo.__WOWL_DEBUG__.root.env.services;
    const apps = menus
        .getApps()
        .filter((app) => addons.includes(app.xmlid.split(".")[0]));
    let count = 0;
    for (const app of apps) {
        for (const menu of leaves(menus.getMenuAsTree(app.id))) {
            place = menu.xmlid;
            browser.console.log(`walk: ${place}`);
            await menus.selectMenu(menu);
            await settle();
            read();
            if (find(".o_error_dialog")) {
                throw new Error(`${place}: ${find(".o_error_dialog").innerText}`);
            }
            await readSearchMenu();
            await readViews();
            await openForm();
            await closeDialogs();
            count++;
        }
    }
    for (const [text, where] of leftToOdoo(others)) {
        browser.console.log(`walk: Odoo's own: ${JSON.stringify(text)} (${where})`);
    }
    const found = english(terms, others);
    const missing = addons.filter(
        (addon) => !apps.some((app) => app.xmlid.startsWith(`${addon}.`))
    );
    if (!count || missing.length) {
        browser.console.error(`walk: no menu of ${missing} was found`);
    } else if (found.length) {
        browser.console.error(
            `walk: ${found.length} English texts: ` +
                found
                    .map(([text, where]) => `${JSON.stringify(text)} (${where})`)
                    .join("; ")
        );
    } else {
        browser.console.log(`walk: ${count} menus, ${seen.size} texts`);
        browser.console.log(SUCCESS);
    }
}
