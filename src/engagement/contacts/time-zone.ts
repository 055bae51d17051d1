export const MAX_TIME_ZONE = 64;

/** Whether JavaScript knows a time zone of this name. */
export function isTimeZone(name: string): boolean {
  if (name.length > MAX_TIME_ZONE || !/^[A-Za-z]/.test(name)) {
    return false;
  }
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
