/**
 * Verwaltet die Artikel in einem Lager. Jeder Artikel hat eine Nummer und einen Namen; die Menge wird in ganzen
 * Stücken gezählt.
 */
export interface Article {
  readonly id: number;
  readonly name: string;
  /** Wie viele Stücke im Lager liegen. */
  count: number;
}

// Die Liste wird beim Starten aus der Datei `lager.json` gelesen.
const articles: Article[] = [];

/**
 * Sucht einen Artikel.
 *
 * @param id Die Nummer des Artikels.
 * @returns Nichts, wenn es keinen Artikel mit dieser Nummer gibt.
 */
export function findArticle(id: number): Article | undefined {
  return articles.find((article) => article.id === id);
}

export function remove(id: number, pieces: number): void {
  const article = findArticle(id);
  if (article === undefined) return; // Der Artikel wurde schon gelöscht.
  // Es können nicht mehr Stücke entnommen werden, als vorhanden sind.
  article.count = Math.max(0, article.count - pieces);
}
