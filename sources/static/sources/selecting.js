"use strict";
// Makes the words that are selected in a captured text (selectable.js) parts of a record: in the panel beside the text,
// which hands them on, or straight in the fields of the form that the text stands beside. What is a whole word, and
// which marks belong to it, the server decides (`data-settle`).
{
    const {SelectableText, attend, short, toPoints, toUnits} = window.rashomonDesk;

    // Where the selected words go on a capture's page: a list that is sent on with the address.
    class Panel {
        constructor(root, parts, lang) {
            [this.root, this.parts, this.lang] = [root, parts, lang];
            this.chosen = Object.fromEntries(parts.map((part) => [part.name, []]));
            this.list = root.querySelector(".desk-chosen");
            for (const field of root.querySelectorAll(".desk-paste textarea")) {
                field.disabled = true;
            }
            root.querySelector(".desk-paste").hidden = true;
        }

        get capture() {
            return this.root.elements.capture.value;
        }

        get(part) {
            return this.chosen[part.name];
        }

        adds(part) {
            return part.most > 1;
        }

        put(part, passages) {
            this.chosen[part.name] = passages;
            this.draw();
            const asked = [...new URLSearchParams(location.search)].filter(([name]) => !(name in this.chosen));
            for (const one of this.parts) {
                asked.push(...this.get(one).map((passage) => [one.name, `${passage.start}-${passage.end}`]));
            }
            history.replaceState(null, "", asked.length ? `?${new URLSearchParams(asked)}` : location.pathname);
        }

        // What was chosen before the page was left or loaded anew.
        restore(text) {
            for (const [name, value] of new URLSearchParams(location.search)) {
                const part = this.parts.find((one) => one.name === name);
                const [start, end] = (/^(\d{1,9})-(\d{1,9})$/.exec(value) ?? []).slice(1).map(Number);
                const words = text.slice(toUnits(text, start ?? 0), toUnits(text, end ?? 0));
                if (part && words && this.get(part).length < part.most) {
                    this.chosen[name].push({words, start, end});
                }
            }
            this.draw();
        }

        draw() {
            const focused = [...this.list.querySelectorAll("button")].indexOf(document.activeElement);
            this.list.replaceChildren();
            for (const part of this.parts) {
                for (const passage of this.get(part)) {
                    const row = document.createElement("li");
                    const label = document.createElement("strong");
                    label.textContent = part.label;
                    const words = document.createElement("q");
                    [words.textContent, words.lang, words.dir] = [short(passage.words), this.lang, "auto"];
                    const remove = document.createElement("button");
                    [remove.type, remove.textContent] = ["button", "Remove"];
                    remove.setAttribute("aria-label", `Remove ${part.label}: ${short(passage.words)}`);
                    remove.addEventListener("click", () => {
                        this.put(part, this.get(part).filter((one) => one !== passage));
                        this.tell(`${part.label} removed.`);
                    });
                    const sent = document.createElement("input");
                    [sent.type, sent.name, sent.value] = ["hidden", part.name, `${passage.start}-${passage.end}`];
                    row.append(label, " ", words, " ", remove, sent);
                    this.list.append(row);
                }
            }
            if (focused >= 0) {
                const buttons = this.list.querySelectorAll("button");
                (buttons[Math.min(focused, buttons.length - 1)] ?? this.root.querySelector("[data-part]")).focus();
            }
        }
    }

    // Where they go beside a form: into its fields, with hidden inputs for where they begin.
    class Fields {
        constructor(root, parts) {
            [this.root, this.parts, this.form] = [root, parts, root.closest("form")];
            for (const part of parts) {
                part.input = document.getElementById(root.dataset.fields + part.field);
                part.button.hidden = !part.input;
                if (this.hidden(part.at)) {
                    this.unfold(part);
                }
                part.input?.addEventListener("input", () => {
                    if (!part.input.value.trim()) {
                        this.place(part, []);
                    }
                });
            }
        }

        get capture() {
            return document.getElementById(this.root.dataset.captureField)?.value ?? "";
        }

        hidden(name) {
            return this.form.querySelector(`input[type=hidden][name="${name}"]`);
        }

        starts(part, count) {
            if (!part.numbered) {
                const kept = (this.hidden(part.at)?.value ?? "").split(",").filter(Boolean).map(Number);
                return kept.length === count ? kept : Array(count).fill(null);
            }
            return Array.from({length: count}, (_, number) => {
                const name = part.at + number;
                const kept = this.form.querySelector(`[type=radio][name="${name}"]:checked`) ?? this.hidden(name);
                return kept ? Number(kept.value) : null;
            });
        }

        get(part) {
            const split = part.numbered ? /\n[^\S\n]*\n/ : part.joiner || null;
            const value = part.input.value.trim();
            const passages = (split === null ? [value] : value.split(split)).filter((words) => words.trim());
            const starts = this.starts(part, passages.length);
            return passages.map((words, number) => ({words: words.trim(), start: starts[number]}));
        }

        // A cue that was not selected is replaced by the first selected piece.
        adds(part) {
            return part.most > 1 && (part.numbered || Boolean(this.hidden(part.at)));
        }

        put(part, passages) {
            part.input.value = passages.map((one) => one.words).join(part.joiner);
            this.place(part, passages.map((one) => one.start));
            this.unfold(part);
        }

        unfold(part) {
            const folded = part.input.closest("details");
            if (folded) {
                folded.open = true;
            }
        }

        place(part, starts) {
            const inputs = [...this.form.querySelectorAll(`input[name^="${part.at}"]`)];
            for (const input of inputs.filter((one) => one.type === "hidden")) {
                input.remove();
            }
            const named = part.numbered ? starts.map((at, number) => [part.at + number, at])
                : starts.length && !starts.includes(null) ? [[part.at, starts.join(",")]] : [];
            for (const radio of inputs.filter((one) => one.type === "radio")) {
                radio.checked = named.some(([name, at]) => name === radio.name && String(at) === radio.value);
            }
            for (const [name, at] of named.filter(([, at]) => at !== null)) {
                const input = document.createElement("input");
                [input.type, input.name, input.value] = ["hidden", name, at];
                // Before the choices of places, of which the last counts.
                this.form.prepend(input);
            }
        }
    }

    const start = (region, root) => {
        const parts = [...root.querySelectorAll("[data-part]")].map((button) => ({
            button,
            name: button.dataset.part,
            label: button.dataset.label,
            most: Number(button.dataset.most),
            joiner: button.dataset.joiner,
            field: button.dataset.field,
            at: button.dataset.at,
            numbered: "numbered" in button.dataset,
        }));
        const [now, told] = [root.querySelector(".desk-now"), root.querySelector(".desk-told")];
        const records = document.querySelectorAll(".desk-records > li");
        const store = root.dataset.fields ? new Fields(root, parts) : new Panel(root, parts, region.lang);
        const tell = (words) => {
            told.textContent = words;
        };
        store.tell = tell;

        // Names what is selected, and what is recorded of its first word.
        const showNow = () => {
            const {span} = text;
            now.textContent = span ? "Selected: " : "Nothing is selected in the text.";
            if (span) {
                const words = document.createElement("q");
                [words.textContent, words.lang, words.dir] = [short(text.text.slice(...span)), region.lang, "auto"];
                now.append(words);
                const mark = text.point(span[0], false)[0].parentElement.closest("[data-records]");
                for (const number of (mark?.dataset.records ?? "").split(" ").filter(Boolean)) {
                    const link = records[number - 1]?.querySelector("a").cloneNode(true);
                    if (link) {
                        now.append(" Recorded: ", `${number}. `, link);
                    }
                }
            }
            paint();
        };

        // Shows the selected and the chosen words in the text without touching it.
        const paint = () => {
            if (!("highlights" in CSS)) {
                return;
            }
            const show = (name, spans) => {
                CSS.highlights.set(name, new Highlight(...spans.map((span) => text.range(...span))));
            };
            show("desk-now", text.span ? [text.span] : []);
            for (const part of parts.filter((one) => root.dataset.fields ? one.input : true)) {
                const placed = store.get(part).filter((one) => one.start !== null && one.start !== undefined);
                const spans = placed.map(({start, words}) => [
                    toUnits(text.text, start), toUnits(text.text, start + toPoints(words, words.length)),
                ]);
                show(`desk-${part.name}`, spans.filter(([from, to]) => from < to));
            }
        };

        const text = new SelectableText(region, showNow);

        // What the server makes of a selection; null where it cannot be reached: the selection then stands as it is.
        const settle = async (part, passage) => {
            const asked = new URLSearchParams({capture: store.capture, [part.name]: `${passage.start}-${passage.end}`});
            try {
                const response = await fetch(`${root.dataset.settle}?${asked}`, {credentials: "same-origin"});
                return response.ok ? await response.json() : null;
            } catch {
                return null;
            }
        };

        const choose = async (part) => {
            const passage = text.selected;
            if (!passage || !store.capture || part.button.hidden) {
                tell(store.capture ? "Select words in the text first." : "Choose the capture first.");
                return;
            }
            const before = store.get(part);
            const kept = store.adds(part) ? before.filter((one) => one.start !== passage.start) : [];
            if (kept.length >= part.most) {
                tell(`${part.label}: ${part.most} passages are the most; remove one first.`);
                return;
            }
            const put = (passages) => {
                const all = [...kept, ...passages].slice(0, part.most);
                const placed = all.every((one) => one.start !== null);
                store.put(part, placed ? all.sort((one, other) => one.start - other.start) : all);
                paint();
                const replaced = before.filter((one) => !kept.includes(one) && !all.some((p) => p.words === one.words));
                const gone = short(replaced.map((one) => one.words).join(" … "));
                const old = replaced.length ? `, in place of “${gone}”` : "";
                tell(`${part.label}: “${short(passages.map((one) => one.words).join("”, “"))}”${old}.`);
                return JSON.stringify(store.get(part));
            };
            const ours = put([passage]);
            const settled = await settle(part, passage);
            if (settled && JSON.stringify(store.get(part)) === ours) {
                const passages = settled.passages[part.name] ?? [];
                if (passages.length) {
                    put(passages);
                } else {
                    store.put(part, before);
                    paint();
                }
                if (settled.problems.length) {
                    tell(settled.problems.join(" "));
                }
            }
        };

        // The text was exchanged for another.
        region.addEventListener("desk:text", () => {
            text.reset();
            for (const part of parts.filter((one) => one.input)) {
                store.place(part, []);
            }
            showNow();
        });
        for (const part of parts) {
            // A press of the mouse must not take the selection away.
            part.button.addEventListener("mousedown", (event) => event.preventDefault());
            part.button.addEventListener("click", () => choose(part));
        }

        attend(text, (number) => {
            const part = parts[number - 1];
            if (part) {
                choose(part);
            }
            return Boolean(part);
        });
        root.querySelector(".desk-selecting").hidden = false;
        document.getElementById("select-keys").hidden = false;
        store.restore?.(text.text);
        paint();
    };

    document.addEventListener("DOMContentLoaded", () => {
        const [region, root] = [document.querySelector(".desk-selectable"), document.querySelector(".desk-select")];
        if (region && root) {
            start(region, root);
        }
    });
}
