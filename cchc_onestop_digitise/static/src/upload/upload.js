import {_t} from "@web/core/l10n/translation";

const PICTURE = /\.(jpe?g|png|tiff?)$/i;

/** Whether a file is a picture, which goes into one PDF with the others of its part. */
export function isPicture(file) {
    return PICTURE.test(file.name) || file.type.startsWith("image/");
}

/**
 * Group files as they are sent: each PDF for itself, all pictures together in the order
 * of their names.
 */
export function groups(files) {
    const list = [...files];
    const pictures = list
        .filter(isPicture)
        .sort((one, other) =>
            one.name.localeCompare(other.name, undefined, {numeric: true})
        );
    const others = list.filter((file) => !isPicture(file)).map((file) => [file]);
    return pictures.length ? [...others, pictures] : others;
}

/**
 * Send files and tell how far it is.
 *
 * @param {String} url
 * @param {File[]} files
 * @param {Object} values what else the server is to know
 * @param {Function} onProgress gets a share from 0 to 1
 * @returns {Promise<Object>} the answer; `problem` holds the sentence of a refusal
 */
export function send(url, files, values, onProgress) {
    const data = new FormData();
    data.append("csrf_token", odoo.csrf_token);
    for (const [name, value] of Object.entries(values)) {
        data.append(name, value);
    }
    for (const file of files) {
        data.append("files", file, file.name);
    }
    return new Promise((resolve) => {
        const request = new XMLHttpRequest();
        request.upload.addEventListener("progress", (event) => {
            if (event.lengthComputable) {
                onProgress(event.loaded / event.total);
            }
        });
        request.addEventListener("load", () => {
            if (request.status === 200) {
                resolve(JSON.parse(request.responseText));
            } else if (request.status === 413) {
                resolve({problem: _t("The file is too large for the server.")});
            } else {
                resolve({
                    problem: _t("The server could not take the file: try again."),
                });
            }
        });
        request.addEventListener("error", () =>
            resolve({
                problem: _t("The line is broken: the file was not sent. Try again."),
            })
        );
        request.open("POST", url);
        request.send(data);
    });
}
