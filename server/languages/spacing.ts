/** What stands between two pieces of a Chinese sentence: a space where Chinese meets Latin letters or digits, none between Chinese. */

const CHINESE = '[\\p{Script=Han}，。：；、（）“”？…]';
const OTHER = '(?!\\p{Script=Han})[\\p{L}\\p{N}]';
const endsChinese = new RegExp(`${CHINESE}$`, 'u');
const startsChinese = new RegExp(`^${CHINESE}`, 'u');
const endsHan = /\p{Script=Han}$/u;
const startsHan = /^\p{Script=Han}/u;
const endsOther = new RegExp(`(${OTHER}|["'%)\\]}])$`, 'u');
const startsOther = new RegExp(`^(${OTHER}|["'/+\\-{[])`, 'u');

/** Pieces are a pattern's own words and the values put among them: nobody who writes a pattern knows in which script a value is. */
export function joinChinese(left: string, right: string): string {
  const [end, start] = [left.slice(-3), right.slice(0, 3)];
  if (endsChinese.test(end.trimEnd()) && startsChinese.test(start.trimStart()))
    return left.trimEnd() + right.trimStart();
  const apart = (endsHan.test(end) && startsOther.test(start)) || (endsOther.test(end) && startsHan.test(start));
  return apart ? `${left} ${right}` : left + right;
}
