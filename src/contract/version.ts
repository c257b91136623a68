/**
 * The version of the wire contract that every answer of the agent carries. A minor version adds fields, routes or codes; what
 * an earlier one took is taken with the same meaning. Clients leave out fields that the agent they talk to does not know.
 */
export const CONTRACT_VERSION = "1.1";

export const CONTRACT_HEADER = "sluice-contract";
