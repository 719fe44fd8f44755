"""Scrapy settings of one source's crawler."""

from __future__ import annotations

import logging
from typing import Any

from config.settings import Settings
from scrapers.sources import Source

PRODUCT = "Labourwatch/0.1"
_LARGEST_ANSWER = 20_000_000


def user_agent(settings: Settings) -> str:
    """Who crawls, where it is explained, and whom to write to."""
    return f"{PRODUCT} (+{settings.contact_url}; {settings.contact_email})"


def crawler_settings(source: Source, settings: Settings) -> dict[str, Any]:
    """Settings that make a crawler of `source` polite, bounded and free of a reactor."""
    return {
        "BOT_NAME": "labourwatch",
        "DOWNLOAD_HANDLERS": {
            **dict.fromkeys(("data", "file", "s3", "ftp")),
            "http": "scrapers.download.PoliteDownloadHandler",
            "https": None if source.is_loopback else "scrapers.download.PoliteDownloadHandler",
        },
        "TWISTED_REACTOR_ENABLED": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
        "LOG_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "STATS_DUMP": False,
        "LOGSTATS_INTERVAL": 0,
        "COOKIES_ENABLED": False,
        "REFERRER_POLICY": "no-referrer",
        "METAREFRESH_ENABLED": False,
        "HTTPPROXY_ENABLED": False,
        "USER_AGENT": user_agent(settings),
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/json,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language": "lo,en;q=0.8",
            "From": settings.contact_email,
        },
        "ROBOTSTXT_OBEY": False,  # RobotsMiddleware does, and remembers between runs
        "DOWNLOADER_MIDDLEWARES": {
            "scrapers.middlewares.GuardMiddleware": 40,
            "scrapers.middlewares.RobotsMiddleware": 100,
            "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
        },
        "ITEM_PIPELINES": {
            "scrapers.pipelines.Validate": 100,
            "scrapers.pipelines.Publish": 200,
        },
        # Scrapy starts so many tasks for each answer, however few items it has.
        "CONCURRENT_ITEMS": 4,
        # Reads the source code of each callback at each start.
        "WARN_ON_GENERATOR_RETURN_VALUE": False,
        "CONCURRENT_REQUESTS": source.concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": source.concurrency,
        "DOWNLOAD_DELAY": 1 / source.rate,
        "DOWNLOAD_DELAY_JITTER": 0.0 if source.is_loopback else 0.3,
        "EXTENSIONS": {
            "scrapy.extensions.throttle.AutoThrottle": None,
            "scrapers.throttle.Throttle": 0,
        },
        "AUTOTHROTTLE_ENABLED": True,
        "AUTOTHROTTLE_START_DELAY": 1 / source.rate,
        "AUTOTHROTTLE_MAX_DELAY": 120.0,
        "AUTOTHROTTLE_TARGET_CONCURRENCY": float(source.concurrency),
        "DOWNLOAD_TIMEOUT": source.politeness.answer_within_s,
        "DOWNLOAD_MAXSIZE": _LARGEST_ANSWER,
        "DOWNLOAD_WARNSIZE": 0,
        # Reading the trust store takes 30 ms a run; a loopback source has no certificate to verify.
        "DOWNLOAD_VERIFY_CERTIFICATES": not source.is_loopback,
        "DEFAULT_DROPITEM_LOG_LEVEL": "DEBUG",
        "HTTPERROR_ALLOW_ALL": True,  # the spiders tell refusals from failures themselves
        "REDIRECT_MAX_TIMES": 5,
        "RETRY_TIMES": 2,
        # 429 and 503 ask us to stay away: the run ends and the schedule backs off instead.
        "RETRY_HTTP_CODES": [500, 502, 504, 522, 524, 408],
        "CLOSESPIDER_TIMEOUT": 0 if source.is_loopback else 4 * 3600,
        # Conditional requests for listings; details are fetched once and not kept.
        "HTTPCACHE_ENABLED": True,
        "HTTPCACHE_DIR": str((settings.var_dir / "httpcache").resolve()),
        "HTTPCACHE_POLICY": "scrapers.listing_cache.Revalidated",
        "HTTPCACHE_GZIP": True,
    }


def quieten_scrapy() -> None:
    """Scrapy tells every request; what matters is in the runs' records."""
    for name in ("scrapy", "protego", "filelock", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # Its note that reactor-free downloading is new would repeat with every run.
    handlers = "scrapy.core.downloader.handlers"
    logging.getLogger(f"{handlers}._base_streaming").setLevel(logging.ERROR)
