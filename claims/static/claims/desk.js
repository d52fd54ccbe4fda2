"use strict";
// Shows beside the form what its choices stand for: the captured text, the two accounts. The form works without it.
{
    const show = async (url, key, done) => {
        const response = await fetch(url.replace("/0/", `/${encodeURIComponent(key)}/`), {credentials: "same-origin"});
        if (response.ok) {
            done(await response.json());
        }
    };

    const watch = (id, changed) => {
        // Select2 tells of a choice by jQuery's events only.
        django.jQuery(document).on("change", `#${id}`, (event) => changed(event.target.value));
    };

    document.addEventListener("DOMContentLoaded", () => {
        const captured = document.querySelector(".desk-captured");
        if (captured) {
            watch("id_capture", (key) => {
                const text = captured.querySelector(".desk-text");
                const put = (words, language) => {
                    if (text.textContent === words) {
                        // Django's own script tells of a change when the page is opened.
                        return;
                    }
                    text.textContent = words;
                    text.lang = language;
                    text.dispatchEvent(new Event("desk:text"));
                };
                if (!key) {
                    put("Choose a capture, and its text stands here.", "");
                    return;
                }
                show(captured.dataset.url, key, (capture) => {
                    put(capture.text, capture.language);
                    captured.open = true;
                });
            });
        }

        const accounts = document.querySelector("[data-words-url]");
        for (const side of accounts ? ["first", "second"] : []) {
            const account = document.querySelector(`.desk-account-words[data-side="${side}"]`);
            if (account) {
                watch(`id_${side}`, (key) => {
                    if (key) {
                        show(accounts.dataset.wordsUrl, key, (words) => {
                            // Django's template made this, every value escaped.
                            account.innerHTML = words.html;
                        });
                    }
                });
            }
        }
        const button = document.querySelector("[name=_show]");
        if (button) {
            // With this script the accounts are shown as they are chosen.
            button.parentElement.hidden = true;
        }
    });
}
