/**
 * An element whose content is drawn: a canvas as large as the element, with as many pixels as the screen has there, so
 * that it is crisp at any zoom. Draws once a frame at most, and anew when its size or the screen's density changes.
 * What is drawn is wiped away before it is drawn again, unless the element keeps it.
 */
export abstract class CanvasElement extends HTMLElement {
  protected readonly canvas = document.createElement('canvas');
  /** Draws only what has changed; a canvas of another size is empty all the same (`wiped`). */
  protected readonly keeps: boolean = false;
  #context: CanvasRenderingContext2D | null = null;
  #frame: number | undefined;
  /** Of the content, in CSS pixels. Asking the element would have the page laid out anew for each of many. */
  #size = { width: 0, height: 0 };
  readonly #sizes = new ResizeObserver(([entry]) => {
    const { width, height } = entry!.contentRect;
    this.#size = { width: Math.floor(width), height: Math.floor(height) };
    // The page is laid out and not painted yet: in this frame already.
    this.#draw();
  });
  #density: MediaQueryList | undefined;
  readonly #denser = (): void => {
    this.#watchDensity();
    this.redraw();
  };

  connectedCallback(): void {
    if (this.canvas.parentNode === null) {
      // What is drawn is said in words by the element itself.
      this.canvas.setAttribute('aria-hidden', 'true');
      this.append(this.canvas);
    }
    this.#sizes.observe(this);
    this.#watchDensity();
    this.redraw();
  }

  disconnectedCallback(): void {
    this.#sizes.disconnect();
    this.#density?.removeEventListener('change', this.#denser);
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
  }

  /** Has it drawn in the next frame. */
  redraw(): void {
    if (!this.isConnected) return;
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#draw();
    });
  }

  /**
   * Draws everything.
   *
   * @param context its unit a CSS pixel
   * @param density screen pixels in a CSS pixel
   * @param wiped nothing of what was drawn before is there
   */
  protected abstract draw(
    context: CanvasRenderingContext2D,
    width: number,
    height: number,
    density: number,
    wiped: boolean,
  ): void;

  #draw(): void {
    const density = window.devicePixelRatio;
    const { width, height } = this.#size;
    const [across, down] = [Math.round(width * density), Math.round(height * density)];
    if (across === 0 || down === 0) return;
    const resized = this.canvas.width !== across || this.canvas.height !== down;
    if (resized) {
      this.canvas.width = across;
      this.canvas.height = down;
      this.canvas.style.width = `${width}px`;
      this.canvas.style.height = `${height}px`;
    }
    this.#context ??= this.canvas.getContext('2d');
    if (this.#context === null) return;
    this.#context.setTransform(density, 0, 0, density, 0, 0);
    if (!this.keeps && !resized) this.#context.clearRect(0, 0, width, height);
    this.draw(this.#context, width, height, density, resized || !this.keeps);
  }

  #watchDensity(): void {
    this.#density?.removeEventListener('change', this.#denser);
    this.#density = window.matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
    this.#density.addEventListener('change', this.#denser);
  }
}
