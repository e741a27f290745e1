/// How a page looks around its charts.
enum PageStyle {
    static let rules = """
        *{box-sizing:border-box}
        body{margin:0;background:var(--q-ground);color:var(--q-ink);\
        font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
        main{max-width:60rem;margin:0 auto;padding:1.5rem 1rem 3rem}
        h1{font-size:1.7rem;line-height:1.2;margin:0 0 .5rem}
        h2{font-size:1.25rem;margin:2.5rem 0 .5rem}
        h3{font-size:1.05rem;margin:0}
        p{margin:.5rem 0;max-width:44rem;overflow-wrap:anywhere}
        .summary{font-size:1.1rem}
        .stamp{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;margin:.75rem 0;\
        color:var(--q-muted);font-size:.85rem}
        .stamp div{display:flex;gap:.4rem;min-width:0}
        .stamp dd{margin:0;color:var(--q-ink);overflow-wrap:anywhere}
        figure{margin:2rem 0;break-inside:avoid}
        figcaption p{margin:.15rem 0 .5rem;color:var(--q-muted)}
        .q-chart{display:block;width:100%;height:auto}
        .narrow{display:none}
        .table{overflow-x:auto;margin:.5rem 0}
        table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}
        caption{text-align:left;font-weight:600;padding:.25rem 0}
        th,td{text-align:left;padding:.3rem .9rem .3rem 0;vertical-align:top;\
        border-bottom:1px solid var(--q-grid)}
        tbody th{font-weight:400}
        thead th{color:var(--q-muted);font-weight:600;border-bottom-color:var(--q-muted)}
        .n{text-align:right;white-space:nowrap}
        .bar{display:inline-block;width:5rem;height:.7em;margin-left:.6rem;\
        border-left:1px solid var(--q-muted)}
        .bar i{display:block;height:100%;background:var(--q-computed)}
        .note{color:var(--q-muted);font-size:.85rem}
        details{margin:.5rem 0}
        summary{cursor:pointer;color:var(--q-muted);font-size:.9rem}
        pre{background:none;border:1px solid var(--q-grid);border-radius:4px;padding:.75rem;\
        white-space:pre-wrap;overflow-wrap:anywhere;font-size:.85rem}
        @media screen and (max-width:40rem){.wide{display:none}\
        .narrow{display:block;max-width:30rem}}
        @media print{body{font-size:11pt}main{max-width:none;padding:0}\
        *{print-color-adjust:exact}summary{display:none}\
        details::details-content{content-visibility:visible;height:auto}}

        """
}
