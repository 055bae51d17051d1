/** Whom a message can come from: a number in international format, a short code, or a name. */
export const SENDER = /^(\+[1-9]\d{1,14}|[A-Za-z\d][A-Za-z\d ]{0,14})$/;

/** A messaging service of Twilio's, which sends from one of its numbers. */
export const SERVICE = /^MG[\dA-Fa-f]{32}$/;
