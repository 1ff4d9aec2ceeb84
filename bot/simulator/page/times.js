// Times as WeChat writes them: 14:32, 昨天 14:32, 星期三 14:32, 2026年3月1日 14:32.

const DAY = 86_400_000;
const two = (number) => String(number).padStart(2, "0");
const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate());

export const hourMinute = (date) => `${date.getHours()}:${two(date.getMinutes())}`;

export function chatTime(at, now = new Date()) {
  const days = Math.round((midnight(now) - midnight(at)) / DAY);
  if (days <= 0) return hourMinute(at);
  if (days === 1) return `昨天 ${hourMinute(at)}`;
  if (days < 7) return `星期${"日一二三四五六"[at.getDay()]} ${hourMinute(at)}`;
  const year = at.getFullYear() === now.getFullYear() ? "" : `${at.getFullYear()}年`;
  return `${year}${at.getMonth() + 1}月${at.getDate()}日 ${hourMinute(at)}`;
}

export function until(at, now = new Date()) {
  const days = Math.round((midnight(at) - midnight(now)) / DAY);
  const day = days <= 0 ? "" : days === 1 ? "明天 " : days === 2 ? "后天 " : `${at.getMonth() + 1}月${at.getDate()}日 `;
  return day + hourMinute(at);
}
