/** Photos of reports: made small in this browser, and kept in it (IndexedDB) until the record has them. */

/** Pixels of the longer side, and bytes, at most: what a bad line still carries in a minute. */
const EDGE = 1600;
const BYTES = 300_000;

/**
 * JPEG, upright, within both limits. What a camera writes into a picture beside it (the place, the time) is not in what comes
 * out. Throws where the file is no picture that this browser reads.
 */
export async function shrunk(file: Blob): Promise<Blob> {
  const picture = await createImageBitmap(file);
  const canvas = document.createElement('canvas');
  let [edge, quality] = [Math.min(EDGE, Math.max(picture.width, picture.height)), 0.85];
  for (;;) {
    const scale = edge / Math.max(picture.width, picture.height);
    canvas.width = Math.round(picture.width * scale) || 1;
    canvas.height = Math.round(picture.height * scale) || 1;
    const context = canvas.getContext('2d');
    if (!context) throw new Error('canvas');
    // what is seen through is white, not black
    context.fillStyle = '#fff';
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const made = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality));
    if (!made) throw new Error('canvas');
    if (made.size <= BYTES) return made;
    // first coarser, then smaller
    if (quality > 0.5) quality -= 0.15;
    else edge *= 0.75;
  }
}

const STORE = 'photos';

/** One request to the store; localStorage would be too small. */
function stored(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('evenhand', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const base = opening.result;
      const transaction = base.transaction(STORE, mode);
      const asked = ask(transaction.objectStore(STORE));
      transaction.oncomplete = () => {
        base.close();
        resolve(asked.result);
      };
      transaction.onabort = () => reject(transaction.error);
    };
  });
}

/** Under a name; it is there once it resolves. Null takes it away. */
export async function keepPhoto(name: string, photo: Blob | null): Promise<void> {
  await stored('readwrite', (store) => (photo ? store.put(photo, name) : store.delete(name)));
}

export async function keptPhoto(name: string): Promise<Blob | null> {
  const kept = await stored('readonly', (store) => store.get(name));
  return kept instanceof Blob ? kept : null;
}
