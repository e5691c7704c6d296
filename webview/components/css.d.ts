/** A stylesheet that a page imports: the bundler puts it into the page's own. */
declare module '*.css';
