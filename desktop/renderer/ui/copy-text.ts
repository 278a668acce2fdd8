/**
 * Puts text into the clipboard. The window may be denied the permission that the modern way asks
 * for; then the selected field is copied as by Ctrl+C.
 * @param field shows the text; it is selected, so that the person can copy by hand
 * @returns false when nothing was copied
 */
export async function copyText(field: HTMLTextAreaElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.focus();
    field.select();
    // oxlint-disable-next-line typescript/no-deprecated -- the one way that needs no permission
    return document.execCommand('copy');
  }
}

/** Offers text as a file; where it goes is asked by the window itself. */
export function saveText(text: string, fileName: string, type = 'text/plain'): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(url);
}
