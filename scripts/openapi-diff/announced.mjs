import { FORMS, LOWER_BOUNDS, UPPER_BOUNDS } from "./alternatives.mjs";

const CHANGES = ["removed", "required", "optional", "type", "enum", "security"];
const ALL_CHANGES = [...CHANGES, ...FORMS, ...LOWER_BOUNDS, ...UPPER_BOUNDS].join("|");
/** A break as documentBreaks() writes it; `*` stands for any text, but not for the change. */
const ANNOUNCEMENT = new RegExp(`^(?:\\*|(?:GET|PUT|POST|DELETE|PATCH|HEAD|OPTIONS) /).*\\b(?:${ALL_CHANGES})$`);

/** The breaks that the *Breaking* parts of a changelog name in code spans, of what came after `version`: `* run_id pattern`. */
export function announcementsAfter(version, changelog) {
  const sections = changelog.split(/^## /m).slice(1);
  const later = sections.filter((section) => isAfter(version, section.split("\n", 1)[0]));
  const breaking = later.flatMap((section) => section.split(/^### /m).filter((part) => part.startsWith("Breaking\n")));
  const spans = breaking.flatMap((part) => [...part.matchAll(/`([^`\n]+)`/g)].map(([, span]) => span));
  return spans.filter((span) => ANNOUNCEMENT.test(span));
}

/** Which breaks no announcement names, and which announcements name no break. */
export function compareWithAnnouncements(breaks, announcements) {
  const patterns = announcements.map((text) => ({ text, regex: globOf(text) }));
  return {
    unannounced: breaks.filter((line) => !patterns.some(({ regex }) => regex.test(line))),
    unfounded: patterns.filter(({ regex }) => !breaks.some((line) => regex.test(line))).map(({ text }) => text),
  };
}

function isAfter(version, title) {
  const found = /^\d+\.\d+\.\d+/.exec(title)?.[0];
  if (found === undefined) return title.startsWith("Unreleased");
  return found.localeCompare(version, "en", { numeric: true }) > 0;
}

const globOf = (text) => new RegExp(`^${text.split("*").map(escaped).join(".*")}$`);

function escaped(text) {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
