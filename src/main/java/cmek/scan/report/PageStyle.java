package cmek.scan.report;

/** The style of the page: on a screen in light and dark, on a phone, on paper. */
final class PageStyle {

    static final String CSS = """
            :root {
              --page: #fbfbfa; --card: #ffffff; --ink: #1d1f21; --quiet: #5f6469; --line: #e2e3e1; --code: #f3f3f1;
              --healthy: #256b4d; --unhealthy: #b3261e; --unreachable: #8a5a00; --unused: #54627a; --link: #1f4f8f;
              --healthy-soft: #e4f1ea; --unhealthy-soft: #fbe9e7; --unreachable-soft: #fbf0d9; --unused-soft: #e9edf3;
              --mono: ui-monospace, "SFMono-Regular", "Cascadia Mono", Menlo, Consolas, "Liberation Mono", monospace;
            }
            @media (prefers-color-scheme: dark) {
              :root {
                --page: #151718; --card: #1c1f21; --ink: #e7e8e8; --quiet: #9da3a8; --line: #303437; --code: #25292b;
                --healthy: #6cc499; --unhealthy: #ff8a80; --unreachable: #e6b35a; --unused: #a3b3cc; --link: #8fbcf5;
                --healthy-soft: #1d3329; --unhealthy-soft: #3d2321; --unreachable-soft: #382d17; --unused-soft: #272e39;
              }
            }
            * { box-sizing: border-box; }
            html { -webkit-text-size-adjust: 100%; }
            body { margin: 0; background: var(--page); color: var(--ink);
              font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif; }
            main { max-width: 1120px; margin: 0 auto; padding: 40px 28px 64px; }
            h1 { font-size: 32px; line-height: 1.2; letter-spacing: -.015em; font-weight: 650; margin: 4px 0 6px; }
            h2 { font-size: 18px; font-weight: 650; margin: 44px 0 14px; letter-spacing: -.005em; }
            h3 { font-size: 16px; font-weight: 650; margin: 0 0 4px; display: flex; gap: 10px; align-items: center; flex-wrap: wrap;
              overflow-wrap: anywhere; }
            p { margin: 0 0 8px; overflow-wrap: anywhere; }
            a { color: var(--link); text-underline-offset: 2px; font-weight: 600; overflow-wrap: anywhere; }
            code { font-family: var(--mono); font-size: .87em; overflow-wrap: anywhere; }
            .eyebrow { color: var(--quiet); font-size: 14px; margin: 0; }
            .lead { color: var(--quiet); font-size: 17px; }
            .quiet, small, figcaption { color: var(--quiet); }
            .quiet { font-size: 14px; }
            .tiles { list-style: none; margin: 28px 0 14px; padding: 0; display: grid; gap: 12px; grid-template-columns: repeat(4, 1fr); }
            .tiles li { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px 18px 12px; }
            .tiles b { display: block; font-size: 28px; line-height: 1.15; font-weight: 650; font-variant-numeric: tabular-nums; }
            .tiles span { color: var(--quiet); font-size: 14px; }
            .tiles .unhealthy b { color: var(--unhealthy); } .tiles .unreachable b { color: var(--unreachable); }
            .tiles .unused b { color: var(--unused); } .tiles .healthy b { color: var(--healthy); }
            .bar { display: flex; gap: 2px; height: 12px; border-radius: 6px; overflow: hidden; background: var(--line); }
            .bar i { min-width: 5px; flex-basis: 0; }
            .bar .unhealthy { background: var(--unhealthy); } .bar .unreachable { background: var(--unreachable); }
            .bar .unused { background: var(--unused); } .bar .healthy { background: var(--healthy); }
            .spark { margin: 26px 0 0; display: flex; align-items: flex-end; gap: 18px; flex-wrap: wrap; }
            .spark svg { width: 300px; max-width: 100%; height: auto; display: block; }
            .spark line { stroke: var(--line); }
            .spark figcaption { font-size: 14px; }
            .spark .scan { fill: transparent; }
            .spark .incomplete { fill: var(--line); }
            .spark .unhealthy { fill: var(--unhealthy); } .spark .unreachable { fill: var(--unreachable); } .spark .unused { fill: var(--unused); }
            .notice { border: 1px solid var(--unreachable); background: var(--unreachable-soft); border-radius: 10px; padding: 4px 20px 12px;
              margin-top: 32px; }
            .notice h2 { margin-top: 14px; }
            .changes { display: grid; grid-template-columns: 150px 1fr; gap: 6px 16px; margin: 0; }
            .changes dt { color: var(--quiet); } .changes dt b { color: var(--ink); font-variant-numeric: tabular-nums; }
            .changes dd { margin: 0; overflow-wrap: anywhere; }
            article { background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--line); border-radius: 8px;
              padding: 16px 20px 12px; margin: 0 0 12px; scroll-margin-top: 12px; }
            article.unhealthy { border-left-color: var(--unhealthy); } article.unreachable { border-left-color: var(--unreachable); }
            article.unused { border-left-color: var(--unused); }
            article:target { outline: 2px solid var(--link); outline-offset: 2px; }
            .finding { padding: 10px 0 2px; }
            .finding + .finding { border-top: 1px solid var(--line); margin-top: 8px; }
            .finding strong, .plain strong { font-family: var(--mono); font-size: 13px; font-weight: 600; }
            .remedy { margin: 4px 0 8px; padding: 0; list-style: none; color: var(--quiet); font-size: 14px; }
            .remedy li { margin: 4px 0; overflow-wrap: anywhere; }
            .command { display: block; background: var(--code); color: var(--ink); border-radius: 6px; padding: 8px 12px 8px 30px;
              line-height: 1.6; font-size: 13px; }
            .command span { display: inline-block; max-width: 100%; vertical-align: top; }
            .command span:first-child { margin-left: -18px; }
            .notice .command { background: var(--card); }
            .badge { display: inline-block; font-size: 13px; line-height: 1; font-weight: 600; padding: 5px 9px; border-radius: 20px; white-space: nowrap; }
            .badge.healthy { color: var(--healthy); background: var(--healthy-soft); }
            .badge.unhealthy { color: var(--unhealthy); background: var(--unhealthy-soft); }
            .badge.unreachable { color: var(--unreachable); background: var(--unreachable-soft); }
            .badge.unused { color: var(--unused); background: var(--unused-soft); }
            table { width: 100%; border-collapse: collapse; background: var(--card); border: 1px solid var(--line); font-size: 14px; }
            th, td { text-align: left; vertical-align: top; padding: 10px 14px; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
            tbody tr:last-child td { border-bottom: 0; }
            th { font-size: 13px; font-weight: 600; color: var(--quiet); white-space: nowrap; background: var(--page); }
            th button { all: unset; cursor: pointer; } th button:hover { color: var(--ink); }
            th button:focus-visible, a:focus-visible, input:focus-visible, select:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
            th[aria-sort] button { color: var(--ink); } th[aria-sort=ascending] button::after { content: " \\2191"; }
            th[aria-sort=descending] button::after { content: " \\2193"; }
            td small { display: block; font-size: 13px; line-height: 1.45; }
            td time { white-space: nowrap; font-variant-numeric: tabular-nums; }
            .reason { font-family: var(--mono); font-size: 12.5px; display: inline-block; margin-right: 6px; }
            small .reason { font-size: 12px; }
            .plain td:first-child { width: 235px; }
            .controls { display: flex; gap: 18px; align-items: center; flex-wrap: wrap; margin: 0 0 12px; font-size: 14px; color: var(--quiet); }
            .controls[hidden] { display: none; }
            .controls input, .controls select { font: inherit; color: var(--ink); background: var(--card); border: 1px solid var(--line);
              border-radius: 6px; padding: 6px 10px; margin-left: 6px; }
            .controls input { width: 260px; max-width: 60vw; }
            .others { margin: 0; padding: 0 0 0 18px; }
            footer { margin-top: 48px; border-top: 1px solid var(--line); padding-top: 16px; color: var(--quiet); font-size: 13px; }
            @media screen and (max-width: 760px) {
              main { padding: 24px 16px 40px; }
              h1 { font-size: 26px; } h2 { margin-top: 34px; }
              .tiles { grid-template-columns: 1fr 1fr; gap: 10px; margin-top: 20px; }
              .changes { grid-template-columns: 1fr; gap: 0; } .changes dd { margin-bottom: 10px; }
              article { padding: 14px 14px 8px; }
              table, tbody, tr, td { display: block; width: auto; }
              thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
              table { border: 0; background: none; }
              tr { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 8px 0; margin-bottom: 10px; }
              td, .plain td:first-child { border: 0; padding: 4px 14px; width: auto; display: grid; grid-template-columns: 92px 1fr; gap: 10px; }
              td::before { content: attr(data-label); color: var(--quiet); font-size: 13px; }
              .controls label { flex: 1 1 100%; display: flex; align-items: center; justify-content: space-between; }
              .controls input, .controls select { flex: 1; max-width: 72%; margin-left: 12px; }
            }
            @media print {
              :root { --page: #fff; --card: #fff; --ink: #000; --quiet: #444; --line: #bbb; --code: #f2f2f2; --healthy: #1f6b4a; --unhealthy: #a31515;
                --unreachable: #7a4f00; --unused: #44506a; --link: #000; --healthy-soft: #fff; --unhealthy-soft: #fff;
                --unreachable-soft: #fff; --unused-soft: #fff; color-scheme: light; }
              @page { margin: 16mm 14mm; }
              body { font-size: 10.5pt; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
              main { max-width: none; padding: 0; }
              .controls { display: none !important; }
              article { padding: 10px 14px 4px; margin-bottom: 8px; }
              .finding, .tiles li, tr { break-inside: avoid; }
              h2, h3, .head { break-after: avoid; } .head { break-inside: avoid; }
              h2 { margin: 24px 0 8px; } h1 { font-size: 22pt; }
              td, th { padding: 5px 8px; }
              thead { display: table-header-group; }
              .badge { border: 1px solid currentColor; padding: 3px 7px; }
              a { text-decoration: none; }
              table, th, td { font-size: 9.5pt; }
            }
            """;

    private PageStyle() {}
}
