"use strict";
// A captured text whose words can be selected, with mouse, touch or keyboard alone. What is done with them is up to
// selecting.js, which is loaded after this and finds it under one name, `rashomonDesk`. Places are the browser's UTF-16
// units here, and code points, as the server counts them, in what is handed on (`selected`).
{
    const RTL = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
    const UNSPACED = ["Han", "Hiragana", "Katakana", "Thai", "Lao", "Khmer"];
    const SPACELESS = new RegExp(UNSPACED.map((script) => `\\p{Script=${script}}`).join("|"), "u");
    const BEFORE = /^[\p{Ps}\p{Pi}"'‘“„–-]+/u;
    const AFTER = /[\p{Pe}\p{Pf}"'.,:;،؛۔–]$/u;
    const ABBREVIATED = /(?:\p{L}\.){2}$/u;

    const toPoints = (text, units) => {
        let points = 0;
        for (let at = 0; at < units; at += text.codePointAt(at) > 0xffff ? 2 : 1) {
            points += 1;
        }
        return points;
    };
    const toUnits = (text, points) => {
        let at = 0;
        for (let left = points; left > 0 && at < text.length; left -= 1) {
            at += text.codePointAt(at) > 0xffff ? 2 : 1;
        }
        return at;
    };
    const short = (words) => (words.length > 160 ? `${words.slice(0, 110)} … ${words.slice(-40)}` : words);

    // The words of a text as [start, end]: what stands between blanks, bare of the punctuation around it.
    const wordsOf = (text) => {
        const segmenter = "Segmenter" in Intl ? new Intl.Segmenter(undefined, {granularity: "word"}) : null;
        const found = [];
        for (const run of text.matchAll(/[^\s—]+/gu)) {
            const start = run.index + (run[0].match(BEFORE)?.[0].length ?? 0);
            let bare = text.slice(start, run.index + run[0].length);
            while (AFTER.test(bare) && !ABBREVIATED.test(bare)) {
                bare = bare.slice(0, -1);
            }
            if (bare && segmenter && SPACELESS.test(bare)) {
                for (const piece of segmenter.segment(bare)) {
                    if (piece.isWordLike) {
                        found.push([start + piece.index, start + piece.index + piece.segment.length]);
                    }
                }
            } else if (/[\p{L}\p{N}\p{S}]/u.test(bare)) {
                found.push([start, start + bare.length]);
            }
        }
        return found;
    };

    // The text on the page: its characters, its words, and which of them are selected.
    class SelectableText {
        constructor(region, changed) {
            this.region = region;
            this.changed = changed;
            this.reset();
        }

        reset() {
            this.text = this.region.textContent;
            this.nodes = [];
            this.starts = new Map();
            const walker = document.createTreeWalker(this.region, NodeFilter.SHOW_TEXT);
            for (let at = 0; walker.nextNode(); at += walker.currentNode.length) {
                this.nodes.push({node: walker.currentNode, at});
                this.starts.set(walker.currentNode, at);
            }
            this.words = wordsOf(this.text);
            this.anchor = this.head = null;
        }

        point(at, isEnd) {
            let low = 0;
            for (let high = this.nodes.length - 1; low < high;) {
                const middle = (low + high + 1) >> 1;
                [low, high] = this.nodes[middle].at < at + (isEnd ? 0 : 1) ? [middle, high] : [low, middle - 1];
            }
            return [this.nodes[low].node, at - this.nodes[low].at];
        }

        range(start, end) {
            const range = document.createRange();
            range.setStart(...this.point(start, false));
            range.setEnd(...this.point(end, true));
            return range;
        }

        // Where a boundary of the browser's selection stands in the text.
        unit(node, offset) {
            const own = this.starts.get(node);
            if (own !== undefined) {
                return own + offset;
            }
            const before = document.createRange();
            before.setStart(this.region, 0);
            before.setEnd(node, offset);
            return before.toString().length;
        }

        // Where a point of the window stands in the text; null outside it.
        unitAt(x, y) {
            const box = this.region.getBoundingClientRect();
            const inside = Math.min(Math.max(y, box.top + 2), box.bottom - 2);
            const caret = document.caretPositionFromPoint?.(x, inside) ?? document.caretRangeFromPoint?.(x, inside);
            const node = caret?.offsetNode ?? caret?.startContainer;
            return node && this.region.contains(node) ? this.unit(node, caret.offset ?? caret.startOffset) : null;
        }

        // The words between two places, from where the selection began to where it ends; one word at least.
        between(from, to) {
            const [low, high] = [Math.min(from, to), Math.max(from, to)];
            const first = this.words.findIndex((word) => word[1] > low);
            const last = this.words.findLastIndex((word) => word[0] < high);
            if (low < high && first >= 0 && first <= last) {
                return from < to ? [first, last] : [last, first];
            }
            const near = this.words.findIndex((word) => word[1] >= low);
            const one = near < 0 ? this.words.length - 1 : near;
            return [one, one];
        }

        get span() {
            if (this.anchor === null) {
                return null;
            }
            const [first, last] = [Math.min(this.anchor, this.head), Math.max(this.anchor, this.head)];
            return [this.words[first][0], this.words[last][1]];
        }

        // The place of what is selected, in code points, with its words.
        get selected() {
            const span = this.span;
            return span && {
                words: this.text.slice(...span), start: toPoints(this.text, span[0]), end: toPoints(this.text, span[1]),
            };
        }

        // Take what the browser has selected by its own means, as on a touch screen.
        take() {
            const {anchorNode, anchorOffset, focusNode, focusOffset, isCollapsed} = getSelection();
            const inside = [anchorNode, focusNode].every((node) => this.region.contains(node));
            if (inside && !isCollapsed && this.words.length) {
                const [from, to] = [this.unit(anchorNode, anchorOffset), this.unit(focusNode, focusOffset)];
                this.select(...this.between(from, to), false);
            }
        }

        select(anchor, head, show = true) {
            const same = anchor === this.anchor && head === this.head;
            [this.anchor, this.head] = [anchor, head];
            if (show) {
                const [start, end] = this.span;
                const [from, to] = [this.point(start, false), this.point(end, true)];
                getSelection().setBaseAndExtent(...(head < anchor ? [...to, ...from] : [...from, ...to]));
                this.reveal();
            }
            if (!same) {
                this.changed();
            }
        }

        clear() {
            this.anchor = this.head = null;
            getSelection().removeAllRanges();
            this.changed();
        }

        reveal() {
            const word = () => this.range(...this.words[this.head]).getBoundingClientRect();
            const box = this.region.getBoundingClientRect();
            let at = word();
            if (at.top < box.top + 8) {
                this.region.scrollTop -= box.top + 8 - at.top;
            } else if (at.bottom > box.bottom - 8) {
                this.region.scrollTop += at.bottom - box.bottom + 8;
            }
            at = word();
            if (at.top < 0 || at.bottom > innerHeight) {
                scrollBy(0, at.top < 0 ? at.top - 24 : at.bottom - innerHeight + 24);
            }
        }

        // The words of the paragraph in which the current word stands: the first and the last.
        paragraph() {
            const [at] = this.words[this.head];
            const begin = this.text.lastIndexOf("\n", at) + 1;
            const end = this.text.indexOf("\n", at);
            const last = end < 0 ? this.words.length - 1 : this.words.findLastIndex((word) => word[0] < end);
            const first = this.words.findIndex((word) => word[0] >= begin);
            return [first, last, this.text.slice(begin, end < 0 ? undefined : end)];
        }

        isRtl() {
            return RTL.test(this.paragraph()[2].match(/\p{L}/u)?.[0] ?? "");
        }

        // The word above or below the current one.
        line(step) {
            const place = (index) => {
                const box = this.range(...this.words[index]).getClientRects()[0];
                return {top: box.top, middle: (box.left + box.right) / 2, height: box.height};
            };
            const here = place(this.head);
            let best = null;
            for (let index = this.head + step; this.words[index]; index += step) {
                const there = place(index);
                if (Math.abs(there.top - here.top) < here.height / 2) {
                    continue;
                }
                if (best && Math.abs(there.top - best.top) > here.height / 2) {
                    break;
                }
                const away = Math.abs(there.middle - here.middle);
                if (!best || away < best.away) {
                    best = {index, away, top: there.top};
                }
            }
            return best?.index ?? (step < 0 ? 0 : this.words.length - 1);
        }

        // Where a key leads from the current word; undefined for a key that leads nowhere.
        goes(event) {
            const forward = this.isRtl() ? -1 : 1;
            const last = this.words.length - 1;
            switch (event.key) {
                case "ArrowRight": return Math.min(last, Math.max(0, this.head + forward));
                case "ArrowLeft": return Math.min(last, Math.max(0, this.head - forward));
                case "ArrowUp": return this.line(-1);
                case "ArrowDown": return this.line(1);
                case "Home": return event.ctrlKey ? 0 : this.paragraph()[0];
                case "End": return event.ctrlKey ? last : this.paragraph()[1];
            }
            return undefined;
        }
    }

    // Selects by mouse, touch and keys. A number's key is handed to `press`, which tells whether it meant anything.
    const attend = (text, press) => {
        const {region} = text;
        // The mouse selects by our own count: the browser would drag words that are selected instead of selecting anew.
        let from = null;
        const move = (event) => {
            const to = text.unitAt(event.clientX, event.clientY);
            if (from !== null && to !== null) {
                text.select(...text.between(from, to));
            }
        };
        region.addEventListener("pointerdown", (event) => {
            const box = region.getBoundingClientRect();
            const across = event.clientX - box.left - region.clientLeft;
            const onBar = across < 0 || across > region.clientWidth;
            if (event.pointerType !== "touch" && event.button === 0 && !onBar && !event.target.closest("a")) {
                from = text.words.length ? text.unitAt(event.clientX, event.clientY) : null;
            }
        });
        region.addEventListener("mousedown", (event) => {
            if (from === null) {
                return;
            }
            event.preventDefault();
            region.focus({preventScroll: true});
            const [, word] = text.between(from, from);
            text.select(event.shiftKey && text.anchor !== null ? text.anchor : word, word);
            from = event.shiftKey ? text.words[text.anchor][0] : from;
        });
        document.addEventListener("pointermove", move);
        for (const end of ["pointerup", "pointercancel"]) {
            document.addEventListener(end, () => {
                from = null;
            });
        }
        let waiting;
        document.addEventListener("selectionchange", () => {
            clearTimeout(waiting);
            waiting = setTimeout(() => {
                if (from === null) {
                    text.take();
                }
            }, 200);
        });
        region.addEventListener("focus", () => {
            if (text.anchor === null && text.words.length && region.matches(":focus-visible") && from === null) {
                text.select(0, 0);
            }
        });
        region.addEventListener("keydown", (event) => {
            const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
            if (event.altKey || event.metaKey || (event.ctrlKey && !["Home", "End"].includes(event.key))) {
                return;
            }
            if (digit) {
                if (!press(Number(digit))) {
                    return;
                }
            } else if (event.key === "Escape") {
                text.clear();
            } else if (text.words.length && /^(?:Arrow|Home|End)/.test(event.key)) {
                if (text.anchor === null) {
                    text.select(0, 0);
                } else {
                    const head = text.goes(event);
                    text.select(event.shiftKey ? text.anchor : head, head);
                }
            } else {
                return;
            }
            event.preventDefault();
        });
        // With the keys it is a field that is only read: a screen reader hands them on.
        region.setAttribute("role", "textbox");
        region.setAttribute("aria-readonly", "true");
        region.setAttribute("aria-multiline", "true");
        region.setAttribute("aria-describedby", "select-keys");
    };

    window.rashomonDesk = {SelectableText, attend, short, toPoints, toUnits};
}
