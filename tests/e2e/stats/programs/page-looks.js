// Runs in a page: the contrast of every text with what is behind it, and of the filled parts of charts with the empty ones.
(() => {
  const rgb = (text) => (text.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (color) => {
    const [red = 0, green = 0, blue = 0] = rgb(color).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one, other) => {
    const [dim = 0, bright = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (bright + 0.05) / (dim + 0.05);
  };
  const behind = (element) => {
    if (element === null) return "rgb(255, 255, 255)";
    const color = getComputedStyle(element).backgroundColor;
    return rgb(color)[3] === 0 ? behind(element.parentElement) : color;
  };
  const texts = [...document.querySelectorAll("main *")].flatMap((element) => {
    const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
    if (!own || element.closest("svg") !== null || element.getClientRects().length === 0) return [];
    const { color, fontSize } = getComputedStyle(element);
    const text = element.textContent?.slice(0, 40) ?? "";
    return [{ text, contrast: contrast(color, behind(element)), size: Number.parseFloat(fontSize) }];
  });
  const parts = [...document.querySelectorAll("svg .value, svg .done, svg .rest")].map((part) => {
    const track = part.parentElement?.querySelector(".track");
    const ground = track ? getComputedStyle(track).fill : behind(part);
    return { name: part.getAttribute("class"), contrast: contrast(getComputedStyle(part).fill, ground) };
  });
  return { texts, parts, dark: luminance(behind(document.body)) < 0.2 };
})();
