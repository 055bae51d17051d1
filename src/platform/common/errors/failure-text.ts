/** "Send message" → "Failed to send message. Please try again." */
export function failureOf(purpose = 'Answer'): string {
  return `Failed to ${purpose.charAt(0).toLowerCase()}${purpose.slice(1)}. Please try again.`;
}
