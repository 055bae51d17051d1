import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/min';

/** The library alone would take other scripts' digits, extensions and letters. */
const WRITTEN = /^[+\d() .-]{1,32}$/;

/**
 * A number as people write it, in international format; null where it can't be one. It need not be in use: plans change
 * faster than releases.
 * @param country of numbers without a country code, ISO 3166; absent, those are none
 */
export function readPhoneNumber(text: string, country: string | undefined): string | null {
  if (!WRITTEN.test(text)) {
    return null;
  }
  const number = parsePhoneNumberFromString(text, {
    defaultCountry: country as CountryCode | undefined,
    extract: false,
  });
  return number?.isPossible() && number.ext === undefined ? number.number : null;
}

/** As people read it. */
export function inInternationalFormat(number: string): string {
  return parsePhoneNumberFromString(number)?.formatInternational() ?? number;
}
