/** Notifications are hints that there is something to read; nothing depends on their coming through. */
export const CHANGE_CHANNEL = "sluice_change";
export const AGENTS_CHANNEL = "sluice_agents";
