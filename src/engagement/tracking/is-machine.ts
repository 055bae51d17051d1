import { isbot } from 'isbot';

/** It fetches images while somebody looks at them. */
const FOR_A_PERSON = /GoogleImageProxy/i;

/** Whether a program asks that nobody looks over the shoulder of. */
export function isMachine(method: string, userAgent: string | undefined): boolean {
  return method === 'HEAD' || !userAgent || (isbot(userAgent) && !FOR_A_PERSON.test(userAgent));
}
